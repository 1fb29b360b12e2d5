import { appendFile, chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeadraceError } from '../../../src/errors.ts';
import { CommittedOffsets } from '../../../src/offsets/committed-offsets.ts';
import {
  type CsvDeadLetterFile,
  DeadLetterFileDisplaced,
} from '../../../src/runtime/dead-letter-file/dead-letter-file.ts';
import { openDeadLetterFile } from '../../../src/runtime/dead-letter-file/dead-letter-files.ts';
import type { MarkRecord } from '../../../src/runtime/dead-letter-file/dead-letter-mark.ts';
import { numberedBatch, REJECTION } from '../support.ts';

let folder: string;
let path: string;
let offsets: CommittedOffsets;
let escapesFormulas = false;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-dead-letters-'));
  path = join(folder, 'rejected.csv');
  offsets = new CommittedOffsets('trades');
});
afterEach(() => {
  escapesFormulas = false;
  return rm(folder, { recursive: true });
});

const LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const STORE = async ({ key, value }: MarkRecord) => offsets.apply(key, value);

/** As a task does: what it stores in a transaction that is not committed is gone. */
class Owner {
  isCommitted = true;
  readonly #uncommitted: MarkRecord[] = [];

  open(task = 0, taskCount = 1): Promise<CsvDeadLetterFile> {
    const plan = { connector: 'trades', taskId: task, taskCount };
    const store = (record: MarkRecord) => this.store(record);
    return openDeadLetterFile({ path, escapesFormulas, content: 'row', plan, offsets, store, log: LOG });
  }

  async store(record: MarkRecord): Promise<void> {
    if (this.isCommitted) await STORE(record);
    else this.#uncommitted.push(record);
  }
}

async function write(rows: number[], commit: boolean, task = 0, taskCount = 1): Promise<void> {
  const owner = new Owner();
  const file = await owner.open(task, taskCount);
  owner.isCommitted = commit;
  await put(file, rows);
  await file.close();
}

async function put(file: CsvDeadLetterFile, rows: number[]): Promise<void> {
  for (const row of rows) file.append(numberedBatch(10), row - 1, REJECTION);
  await file.flush(file.take());
}

const rowNumbers = async (file = path) =>
  parse(await readFile(file), { columns: true }).map((row) =>
    Number((row as { row_number: string }).row_number),
  );

const others = async () => (await readdir(folder)).filter((name) => name !== 'rejected.csv');

describe('errors.deadletterqueue.file', () => {
  it('holds row number, error and the row as it was, as CSV', async () => {
    await write([2], true);
    expect(await readFile(path, 'utf8')).toBe(
      'row_number,error,record,file,line,offset,stage\n' +
        '2,"price: expected a double, got ""abc""","2,n2","rows.csv",2,5,TRANSFORMATION\n',
    );
  });

  it('goes on at its end after a commit', async () => {
    await write([1, 2], true);
    await write([3], true);
    expect(await rowNumbers()).toEqual([1, 2, 3]);
  });

  it('loses what was written after the last commit, which will be written again', async () => {
    await write([1], true);
    await write([2, 3], false);
    await write([2], true);
    expect(await rowNumbers()).toEqual([1, 2]);
    expect(await others()).toEqual([]);
  });

  it('drops a line that a crash cut off', async () => {
    await write([1], true);
    await appendFile(path, '2,"pri');
    await write([2], true);
    expect(await rowNumbers()).toEqual([1, 2]);
    expect(await others()).toEqual([]);
  });

  it('knows what a crash left behind before the first commit as its own', async () => {
    await write([1], false);
    await write([1], true);
    expect(await readdir(folder)).toEqual(['rejected.csv']);
    expect(await rowNumbers()).toEqual([1]);
  });

  it('keeps the rights that a person gave it', async () => {
    await write([1], true);
    await rename(path, `${path}.old`);
    await writeFile(path, await readFile(`${path}.old`), { mode: 0o640 });
    await write([2], true);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await rowNumbers()).toEqual([1, 2]);
  });

  it('sets a file aside that it does not know', async () => {
    await writeFile(path, 'precious\n');
    await write([1], true);
    const [other] = await others();
    expect(await readFile(join(folder, other as string), 'utf8')).toBe('precious\n');
    expect(await rowNumbers()).toEqual([1]);
  });

  it.for(['NULs of a disk that lost power\0\0\0', '# seen by Kim\n', '3,no quotes\n'])(
    'sets a file aside whose end is none of its own: %j',
    async (end) => {
      await write([1], true);
      await write([2], false);
      await appendFile(path, end);
      const found = await readFile(path);
      await write([2], true);
      expect(await rowNumbers()).toEqual([2]);
      const [other] = await others();
      expect(await readFile(join(folder, other as string))).toEqual(found);
    },
  );

  it('sets a file aside after whose last task ended somebody has written, whatever that was', async () => {
    const file = await new Owner().open();
    await put(file, [1]);
    await file.finish();
    await file.close();
    await appendFile(path, '2,"pri');
    await write([3], true);
    expect(await rowNumbers()).toEqual([3]);
    expect(await others()).toHaveLength(1);
  });

  it('with a name as long as names can be is written all the same', async () => {
    path = join(folder, `${'r'.repeat(251)}.csv`);
    await writeFile(path, 'precious\n');
    await write([1], true);
    expect(await rowNumbers()).toEqual([1]);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('that cannot be written says so', async () => {
    path = join(folder, 'missing', 'too', 'rejected.csv');
    await expect(new Owner().open()).rejects.toMatchObject({ code: 'DEAD_LETTER_FAILED' });
  });

  it('that is a folder says so', async () => {
    path = folder;
    await expect(new Owner().open()).rejects.toMatchObject({
      code: 'DEAD_LETTER_FAILED',
      message: expect.stringContaining('it is not a file'),
    });
  });
});

describe('the dead-letter files of tasks that are no more', () => {
  it.for([
    { from: 2, to: 1 },
    { from: 1, to: 2 },
    { from: 3, to: 2 },
  ])('lose what was not committed: $from tasks, then $to', async ({ from, to }) => {
    for (let task = 0; task < from; task++) {
      await write([1], true, task, from);
      await write([2], false, task, from);
    }
    for (let task = 0; task < to; task++) await write([3], true, task, to);
    const rows: number[] = [];
    for (const name of await readdir(folder)) rows.push(...(await rowNumbers(join(folder, name))));
    const kept = Math.min(from, to) > 1 ? Math.min(from, to) : 0;
    expect(rows.sort()).toEqual([...Array(from).fill(1), ...Array(to).fill(3)]);
    expect(await readdir(folder)).toHaveLength(from + to - kept);
  });

  it('are out of reach of who was asleep while writing to them', async () => {
    const zombie = new Owner();
    const asleep = await zombie.open(1, 2);
    await put(asleep, [1]);
    await write([3], true, 0, 1);
    zombie.isCommitted = false;
    await put(asleep, [2]).catch(() => {});
    await asleep.close();
    expect(await rowNumbers(`${path}.1`)).toEqual([1]);
  });

  it('stay as a person has made them', async () => {
    await write([1], true, 0, 2);
    await write([1], true, 1, 2);
    await rm(`${path}.0`);
    await writeFile(`${path}.1`, 'seen by Kim\n');
    await write([3], true, 0, 1);
    await write([4], true, 0, 1);
    expect((await readdir(folder)).sort()).toEqual(['rejected.csv', 'rejected.csv.1']);
    expect(await readFile(`${path}.1`, 'utf8')).toBe('seen by Kim\n');
  });
});

describe('a dead-letter file that somebody moves while it is written to', () => {
  it('says so, and has nothing of the transaction', async () => {
    const owner = new Owner();
    const file = await owner.open();
    await put(file, [1]);
    await rename(path, `${path}.old`);
    owner.isCommitted = false;
    await expect(put(file, [2])).rejects.toThrow(DeadLetterFileDisplaced);
    await file.close();
    await write([2], true);
    expect(await rowNumbers()).toEqual([2]);
    expect(await rowNumbers(`${path}.old`)).toEqual([1]);
  });
});

/** Falls asleep when it has stored so many records, the first of which proves that nobody has taken over. */
class Sleeper extends Owner {
  readonly #sleepAt: number;
  readonly asleep = Promise.withResolvers<void>();
  readonly #woken = Promise.withResolvers<void>();
  #stored = 0;
  isFenced = false;

  constructor(sleepAt: number) {
    super();
    this.#sleepAt = sleepAt;
  }

  wake(): void {
    this.isFenced = true;
    this.#woken.resolve();
  }

  override async store(record: MarkRecord): Promise<void> {
    if (this.isFenced) throw new HeadraceError('KAFKA_FENCED', 'another producer has taken over');
    await super.store(record);
    if (++this.#stored !== this.#sleepAt) return;
    this.asleep.resolve();
    await this.#woken.promise;
  }
}

describe('a worker that falls asleep and is replaced', () => {
  const STANDING: Readonly<Record<string, () => Promise<void>>> = {
    nothing: async () => {},
    'letters of before': () => write([1], true),
    'letters of before, and some not committed': async () => {
      await write([1], true);
      await write([2], false);
    },
    'what it does not know': () => writeFile(path, 'precious\n'),
  };
  const CASES = Object.keys(STANDING).flatMap((standing) => [1, 2, 3].map((at) => ({ standing, at })));

  it.for(CASES)('reaches no letter of its successor: asleep at its record $at, on $standing', async (of) => {
    await STANDING[of.standing]?.();
    const sleeper = new Sleeper(of.at);
    const writing = (async () => {
      const file = await sleeper.open();
      try {
        for (const rows of [[4], [5], [6]]) await put(file, rows);
      } finally {
        await file.close();
      }
    })();
    await sleeper.asleep.promise;
    const before = (await rowNumbers().catch(() => [])).filter((row) => row > 2);
    const successor = await new Owner().open();
    await put(successor, [7]);
    sleeper.wake();
    await expect(writing).rejects.toMatchObject({ code: 'KAFKA_FENCED' });
    await put(successor, [8]);
    await successor.close();
    const kept = of.standing.startsWith('letters') ? [1] : [];
    expect(await rowNumbers()).toEqual([...kept, ...before, 7, 8]);
    const aside = await others();
    expect(aside.filter((name) => name.startsWith('.'))).toEqual([]);
    for (const name of aside) expect(await readFile(join(folder, name), 'utf8')).toBe('precious\n');
  });
});

describe('the mode of a dead-letter file', () => {
  const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

  it('lets nobody else read it, until somebody says so', async () => {
    await write([1], true);
    expect(await modeOf(path)).toBe(0o600);
    await chmod(path, 0o640);
    await write([2], true);
    expect(await modeOf(path)).toBe(0o640);
    expect(await rowNumbers()).toEqual([1, 2]);
  });

  it('is that of a file which was made for it, and not that of one which is set aside', async () => {
    await writeFile(path, '');
    await chmod(path, 0o644);
    await write([1], true);
    expect(await modeOf(path)).toBe(0o644);
    await rm(path);
    await writeFile(path, 'of somebody\n');
    await chmod(path, 0o666);
    await write([2], true);
    expect(await modeOf(path)).toBe(0o600);
    const aside = (await readdir(folder)).find((name) => name !== 'rejected.csv') as string;
    expect(await readFile(join(folder, aside), 'utf8')).toBe('of somebody\n');
    expect(await modeOf(join(folder, aside))).toBe(0o666);
  });
});

describe('a dead-letter file that escapes formulas', () => {
  const formula = { ...REJECTION, message: '=1+1' };

  async function writeFormula(): Promise<void> {
    const file = await new Owner().open();
    file.append(numberedBatch(1), 0, formula);
    await file.flush(file.take());
    await file.close();
  }

  it('goes on after a crash, and holds each row once', async () => {
    escapesFormulas = true;
    await write([1], true);
    await write([2], false);
    await writeFormula();
    expect(await readFile(path, 'utf8')).toBe(
      'row_number,error,record,file,line,offset,stage,escaped\n' +
        `1,"${REJECTION.message.replaceAll('"', '""')}","1,n1","rows.csv",1,0,TRANSFORMATION,formulas\n` +
        `1,"'=1+1","1,n1","rows.csv",1,0,TRANSFORMATION,formulas\n`,
    );
  });

  it('begins anew when it did not before, and sets the other aside', async () => {
    await write([1], true);
    escapesFormulas = true;
    await write([2], true);
    expect(await rowNumbers()).toEqual([2]);
    const aside = (await readdir(folder)).find((name) => name !== 'rejected.csv') as string;
    expect(await rowNumbers(join(folder, aside))).toEqual([1]);
    await write([3], true);
    expect(await rowNumbers()).toEqual([2, 3]);
  });
});
