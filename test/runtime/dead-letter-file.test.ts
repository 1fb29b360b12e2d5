import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CsvDeadLetterFile } from '../../src/runtime/dead-letter-file.ts';
import { CommittedOffsets } from '../../src/storage/committed-offsets.ts';
import { numberedBatch, REJECTION } from './support.ts';

let folder: string;
let path: string;
let offsets: CommittedOffsets;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-dead-letters-'));
  path = join(folder, 'rejected.csv');
  offsets = new CommittedOffsets('trades');
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => CsvDeadLetterFile.open({ path, connector: 'trades', task: 0, offsets });

async function write(rows: number[], commit: boolean): Promise<void> {
  const file = await open();
  for (const row of rows) file.append(numberedBatch(10), row - 1, REJECTION);
  const { length, key, value } = file.mark();
  await file.flush(length);
  await file.close();
  if (commit) offsets.apply(key, value);
}

const rowNumbers = async () =>
  parse(await readFile(path), { columns: true }).map((row) =>
    Number((row as { row_number: string }).row_number),
  );

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
  });

  it('drops a line that a crash cut off', async () => {
    await write([1], true);
    await appendFile(path, '2,"pri');
    await write([2], true);
    expect(await rowNumbers()).toEqual([1, 2]);
  });

  it('knows what a crash left behind before the first commit as its own, once its mark is stored', async () => {
    const file = await open();
    const { key, value } = file.mark();
    offsets.apply(key, value);
    file.append(numberedBatch(10), 0, REJECTION);
    await file.flush(file.mark().length);
    await file.close();
    await write([1], true);
    expect(await readdir(folder)).toEqual(['rejected.csv']);
    expect(await rowNumbers()).toEqual([1]);
  });

  it('sets a file aside that it does not know', async () => {
    await writeFile(path, 'precious\n');
    await write([1], true);
    const [other] = (await readdir(folder)).filter((name) => name !== 'rejected.csv');
    expect(await readFile(join(folder, other as string), 'utf8')).toBe('precious\n');
    expect(await rowNumbers()).toEqual([1]);
  });

  it('that cannot be written says so', async () => {
    path = join(folder, 'missing', 'rejected.csv');
    await expect(open()).rejects.toMatchObject({ code: 'DEAD_LETTER_FAILED' });
  });
});
