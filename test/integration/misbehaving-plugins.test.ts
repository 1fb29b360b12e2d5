import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { HeadraceProcess, type LogLine } from './support/headrace-process.ts';
import { valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
const PLUGINS = fileURLToPath(new URL('../fixtures/misbehaving', import.meta.url));
const WAIT_MS = 90_000;

interface Misbehaviour {
  /** The line of the log that tells it, and what is in it. */
  readonly told: string;
  readonly names: readonly (string | RegExp)[];
  /** What becomes of its task. */
  readonly next?: string;
  /** What is delivered of BHP, RIO and CBA. */
  readonly delivered: readonly string[];
}

const PLACE = (name: string) => `transforms.mine (plugin ${name}, ${join(PLUGINS, `${name}.mjs`)}): `;
const ALL = ['BHP', 'CBA', 'RIO'];

const TABLE: Readonly<Record<string, Misbehaviour>> = {
  throws: {
    told: 'rows rejected',
    names: ['"row":2', '"file":"a.csv"', '"plugin":"throws"', 'boom (Error at ', 'throws.mjs:'],
    delivered: ['BHP', 'CBA'],
  },
  rejects: {
    told: 'rows rejected',
    names: ['"row":2', '"file":"a.csv"', '"plugin":"rejects"', 'boom (Error at ', 'rejects.mjs:'],
    delivered: ['BHP', 'CBA'],
  },
  'never-settles': {
    told: 'task restarting',
    names: [
      `${PLACE('never-settles')}row 2 (line 3) of a.csv: the promise of apply was not settled within 1.5 s`,
    ],
    next: 'task running',
    delivered: [],
  },
  spins: {
    told: 'task restarting',
    names: [`${PLACE('spins')}row 2 of a.csv: apply has not come back for 1.5 s`],
    next: 'task failed',
    delivered: [],
  },
  leaks: {
    told: 'task restarting',
    names: ["the task's thread ran out of memory, in ", PLACE('leaks'), /row \d+ of a\.csv: apply/],
    next: 'task running',
    delivered: [],
  },
  'exports-a-function': {
    told: 'feed refused',
    names: [
      'exports-a-function.mjs: default export: expected a plugin made by defineTransformation(…), got a function',
    ],
    delivered: [],
  },
  'of-another-contract': {
    told: 'feed refused',
    names: ['of-another-contract.mjs: contract: it was written for [7.0,8.0) of the plugin contract'],
    delivered: [],
  },
  'returns-rubbish': {
    told: 'task failed',
    names: [`${PLACE('returns-rubbish')}row 2 (line 3) of a.csv: apply gave text of 3 characters`],
    delivered: [],
  },
  'keeps-a-record': {
    told: 'task failed',
    names: [`${PLACE('keeps-a-record')}row 2 (line 3) of a.csv: apply gave the record of row 1 of a.csv`],
    delivered: [],
  },
  // What it does to them later is seen by nobody.
  'changes-kept-records': { told: 'file completed', names: ['"file":"a.csv"'], delivered: ALL },
  'changes-shared-input': {
    told: 'rows rejected',
    names: [
      '"row":2',
      '"plugin":"changes-shared-input"',
      'Cannot',
      'TypeError at ',
      'changes-shared-input.mjs:',
    ],
    delivered: ['BHP', 'CBA'],
  },
  'pollutes-prototypes': {
    told: 'task failed',
    names: [`${PLACE('pollutes-prototypes')}rows 1 to 3 of a.csv: it has changed Object.prototype.polluted`],
    delivered: [],
  },
  exits: {
    told: 'task failed',
    names: [`${PLACE('exits')}row 2 of a.csv: apply ended the task's thread (process.exit, code 3)`],
    delivered: [],
  },
  prints: {
    told: 'printed',
    names: ['"plugin":"transforms.mine"', '"file":"a.csv"', '"row":1', '"text":"row 1"'],
    delivered: ALL,
  },
};

/** A worker with a feed for each of them, and one more, which is given files all the while. */
class Neighbours {
  readonly folder: FeedFolder;
  readonly daemon: HeadraceProcess;
  #files = 0;
  #isOver = false;
  readonly #writing: Promise<void>;

  private constructor(folder: FeedFolder) {
    this.folder = folder;
    this.daemon = HeadraceProcess.start({
      feeds: ['--feeds', folder.at('feeds')],
      worker: folder.at('worker.yaml'),
      // Of each thread.
      env: { NODE_OPTIONS: '--max-old-space-size=150' },
    });
    this.#writing = this.#write();
  }

  static async begin(folder: FeedFolder): Promise<Neighbours> {
    await folder.worker({
      'bootstrap.servers': bootstrapServers,
      'group.id': folder.name,
      'plugin.path': PLUGINS,
      'plugin.timeout.ms': '1500',
      'log.level': 'info',
    });
    const { name } = folder;
    for (const fixture of [...Object.keys(TABLE), 'healthy']) {
      const feed = `${name}-${fixture}`;
      const mine =
        fixture === 'healthy'
          ? {}
          : { transforms: 'parse,validate,mine,route', 'transforms.mine.type': fixture };
      await folder.feedOf(feed, { ...mine, 'transforms.route.topic': feed });
      const text = await readFile(folder.at(`${feed}.yaml`), 'utf8');
      await folder.write(
        `feeds/${feed}.yaml`,
        text.replace('"./drop', `"${folder.at('drop')}`).replace('"./done', `"${folder.at('done')}`),
      );
      const more = fixture === 'leaks' ? 'CBA,3\n'.repeat(400) : '';
      await folder.write(`drop/${feed}/a.csv`, `symbol,price\nBHP,1\nRIO,2\nCBA,3\n${more}`);
    }
    return new Neighbours(folder);
  }

  feedOf(fixture: string): string {
    return `${this.folder.name}-${fixture}`;
  }

  /** A line of a feed's, or one that is about its file. */
  lineOf(fixture: string, msg: string, names: readonly (string | RegExp)[] = []): Promise<LogLine> {
    const feed = this.feedOf(fixture);
    const isOne = (line: LogLine) =>
      line.msg === msg && (line.connector === feed || String(line.file).endsWith(`/${feed}.yaml`));
    const hasAll = (line: LogLine) => {
      const text = textOf(line);
      return names.every((part) => (typeof part === 'string' ? text.includes(part) : part.test(text)));
    };
    return this.daemon.waitFor((line) => isOne(line) && hasAll(line), WAIT_MS);
  }

  /** Gives the healthy feed no more files; the symbols of all that it got. */
  async healthyRows(): Promise<readonly string[]> {
    this.#isOver = true;
    await this.#writing;
    const rows = Array.from({ length: this.#files * ROWS }, (_, row) => `S${row}`);
    return ['BHP', 'CBA', 'RIO', ...rows].toSorted();
  }

  async delivered(fixture: string): Promise<readonly string[]> {
    const values = await valuesIn(bootstrapServers, this.feedOf(fixture));
    return values.map((value) => JSON.parse(value).symbol as string).toSorted();
  }

  async #write(): Promise<void> {
    while (!this.#isOver) {
      const first = this.#files++ * ROWS;
      const rows = Array.from({ length: ROWS }, (_, row) => `S${first + row},1\n`).join('');
      await this.folder.write(`drop/${this.feedOf('healthy')}/h${this.#files}.csv`, `symbol,price\n${rows}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

/** Of each file of the healthy feed. */
const ROWS = 500;

function textOf(line: LogLine): string {
  return JSON.stringify(line).replaceAll('\\"', '"');
}

describe('beside a feed that is well, in one worker, a plugin', () => {
  let neighbours: Neighbours;

  beforeAll(async () => {
    neighbours = await Neighbours.begin(await FeedFolder.lasting(uniqueName('misbehaving')));
  }, WAIT_MS);

  afterAll(async () => {
    await neighbours.daemon.kill();
    await neighbours.folder.remove();
  });

  test('is there for each of the fixtures', () => {
    const fixtures = readdirSync(PLUGINS).map((name) => name.replace('.mjs', ''));
    expect(Object.keys(TABLE).toSorted()).toEqual(fixtures.toSorted());
  });

  test.each(Object.entries(TABLE))(
    'that %s is told with feed, plugin and record, and ends nothing but its task',
    async (fixture, { told, names, next, delivered }) => {
      const line = await neighbours.lineOf(fixture, told, names);
      expect(textOf(line)).not.toContain('\\n    at ');
      if (next !== undefined) {
        const lines = neighbours.daemon.lines;
        const isNext = (other: LogLine) =>
          other.msg === next &&
          other.connector === line.connector &&
          lines.indexOf(other) > lines.indexOf(line);
        await neighbours.daemon.waitFor(isNext, WAIT_MS);
      }
      await expect.poll(() => neighbours.delivered(fixture), { timeout: WAIT_MS }).toEqual(delivered);
      expect(neighbours.daemon.hasExited).toBe(false);
    },
    2 * WAIT_MS,
  );

  test(
    'takes no row from it: all arrive, once',
    async () => {
      const rows = await neighbours.healthyRows();
      await expect.poll(() => neighbours.delivered('healthy'), { timeout: WAIT_MS }).toEqual(rows);
      const states = neighbours.daemon.lines.filter(
        ({ connector }) => connector === neighbours.feedOf('healthy'),
      );
      expect(states.filter(({ level = 0 }) => level >= 40)).toEqual([]);
      expect(await neighbours.daemon.stop()).toBe(0);
    },
    2 * WAIT_MS,
  );
});
