import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import type { LogLine } from '../../integration/support/headrace-process.ts';
import type { Findings } from '../checker.ts';
import type { Lines } from '../feed-lines.ts';
import type { Ground, Outcome } from '../ground.ts';
import { GroupFaults } from './group-faults.ts';
import { GroupLoad, type GroupLoadOptions } from './group-load.ts';
import { GroupRest, isRunning, placesAt, placesIn, type Statuses, unbalanced } from './group-rest.ts';
import { GroupWorker } from './group-worker.ts';
import { HandOvers, toldTimes } from './hand-overs.ts';

const WORKERS = 3;
const SESSION_MS = 6_000;
/** A file for each task so often that each always has something to do. */
const FILE_EVERY_MS = 500;
const LOOK_MS = 500;
/** Nothing is waited for so long once everybody is well. */
const STUCK_MS = 120_000;

/**
 * A load of several feeds by a group of workers, to which everything is done that may happen to them; nobody helps. In the
 * end every feed's rows are compared with its files.
 */
export class GroupTrial {
  readonly #ground: Ground;
  readonly #load: GroupLoad;
  readonly #workers: readonly GroupWorker[];
  readonly #extra: GroupWorker;
  readonly #rest: GroupRest;
  readonly #handOvers = new HandOvers();
  readonly #told = new Map<string, number>();

  private constructor(ground: Ground, load: GroupLoad) {
    this.#ground = ground;
    this.#load = load;
    const log = createWriteStream(join(ground.folder, 'workers.log'));
    const onLine = (life: string, line: LogLine, text: string) => {
      log.write(`${life} ${text}\n`);
      this.#hear(life, line);
    };
    // Every other one has a name that it keeps.
    const all = Array.from({ length: WORKERS + 1 }, (_, index) => {
      const name = `worker-${index}`;
      const { folder, wishes } = ground;
      const lines = { ...workerLines(ground), ...(index % 2 === 0 ? {} : { 'group.instance.id': name }) };
      return new GroupWorker({ name, folder, lines, env: load.env, built: wishes.built, onLine });
    });
    this.#workers = all.slice(0, WORKERS);
    this.#extra = all[WORKERS] as GroupWorker;
    this.#rest = new GroupRest(all, seededRandom(ground.seed + 100));
  }

  static async play(ground: Ground, feeds: Pick<GroupLoadOptions, 'feeds' | 'buckets'>): Promise<Outcome> {
    const { rows, minutes } = ground.wishes;
    const filesPerFeed = Math.ceil((minutes * 60_000) / FILE_EVERY_MS);
    const load = await GroupLoad.prepare(ground, { ...feeds, rows, filesPerFeed });
    const trial = new GroupTrial(ground, load);
    try {
      return await trial.#play();
    } finally {
      await Promise.all([...trial.#workers, trial.#extra].map((worker) => worker.kill()));
      await load.close();
    }
  }

  async #play(): Promise<Outcome> {
    const { say, wishes } = this.#ground;
    await Promise.all(this.#workers.map((worker) => worker.start()));
    for (const { name, config } of this.#load.connectors) await this.#rest.create(name, config);
    say(`${this.#load.connectors.length} feeds are made`);
    this.#load.read();
    const faults = this.#faults();
    const over = new AbortController();
    const faulty = faults.run(over.signal);
    await this.#load.drop(wishes.minutes * 60_000);
    over.abort();
    await faulty;
    say('everybody is well again');
    const wrong = [...(await this.#delivered()), ...(await this.#settled()), ...faults.wrong];
    const stops = await Promise.all([...this.#workers, this.#extra].map((worker) => worker.stop()));
    for (const { code } of stops)
      if (code !== 0) wrong.push(`a worker ended with code ${code} when it was told to stop`);
    const findings = await this.#load.finish();
    if (this.#load.undecided > 0) {
      wrong.push(`${this.#load.undecided} offsets belong to transactions that are still open`);
    }
    wrong.push(...findings.flatMap(({ examples }) => examples));
    return { wrong, facts: [...factsOf(findings), ...this.#times(faults)] };
  }

  #faults(): GroupFaults {
    const { cluster, seed, say } = this.#ground;
    return new GroupFaults({
      workers: this.#workers,
      extra: this.#extra,
      sessionMs: SESSION_MS,
      cluster,
      topics: this.#load.topics,
      handOvers: this.#handOvers,
      seed,
      say,
    });
  }

  #hear(life: string, line: LogLine): void {
    if (line.msg === 'transaction committed') {
      this.#handOvers.committed(life, `${line.connector}-${line.task}`, performance.now());
    } else if ((line.level ?? 0) >= 40) {
      this.#told.set(line.msg, (this.#told.get(line.msg) ?? 0) + 1);
    }
  }

  /** What kept files from being put away. */
  async #delivered(): Promise<string[]> {
    let last = { files: await this.#load.waiting(), at: performance.now() };
    while (last.files > 0) {
      const dead = this.#workers.find(({ hasDied }) => hasDied);
      if (dead !== undefined) return [`${dead.life} ended by itself`];
      if (performance.now() - last.at > STUCK_MS) {
        return [`${last.files} files are left, and nothing happens`, ...(await this.#states())];
      }
      await delay(LOOK_MS);
      const files = await this.#load.waiting();
      if (files !== last.files) last = { files, at: performance.now() };
    }
    return [];
  }

  /** Every worker tells the same: each task RUNNING somewhere, none of them with two more than another. */
  async #settled(): Promise<string[]> {
    const giveUpAt = performance.now() + STUCK_MS;
    for (;;) {
      const wrong = await this.#unsettled();
      if (wrong.length === 0 || performance.now() > giveUpAt) return wrong;
      await delay(LOOK_MS);
    }
  }

  async #unsettled(): Promise<string[]> {
    const up = [...this.#workers, this.#extra].filter(({ isWell }) => isWell);
    const all = await Promise.all(up.map((worker) => placesAt(worker).catch(() => new Map())));
    const [first = new Map(), ...others] = all;
    const wrong = [...first].flatMap(([task, place]) => (isRunning(place) ? [] : [`${task} is ${place}`]));
    if (first.size < this.#load.connectors.length) wrong.push('tasks are missing');
    for (const [index, other] of others.entries()) {
      const task = [...first.keys()].find((each) => first.get(each) !== other.get(each));
      if (task === undefined) continue;
      const names = `${up[0]?.name} and ${up[index + 1]?.name}`;
      wrong.push(`${names} tell of ${task} ${first.get(task)} and ${other.get(task)}`);
    }
    return [...wrong, ...unbalanced(first, up.length)];
  }

  async #states(): Promise<string[]> {
    const statuses = (await this.#rest.ask('GET', '/connectors?expand=status', [200])) as Statuses;
    return [...placesIn(statuses)].map(([task, place]) => `${task} is ${place}`);
  }

  #times(faults: GroupFaults): Outcome['facts'] {
    const kinds = [
      ['kill', 'killed'],
      ['suspension', 'suspended'],
      ['drain', 'drained'],
    ] as const;
    return [
      ...faults.counts,
      ['killed, nothing else for 12 s', toldTimes(this.#handOvers.times('kill', 'alone').first)],
      ...kinds.flatMap(([how, told]) => {
        const { first, each, open } = this.#handOvers.times(how);
        return [
          [`${told}: first row elsewhere`, toldTimes(first) + (open === 0 ? '' : `; ${open} never`)],
          [`${told}: each of its tasks`, toldTimes(each)],
        ] as const;
      }),
      ['workers drained within', toldTimes(faults.drains)],
      ...[...this.#told].map(([msg, count]) => [`told: ${msg}`, count] as const),
    ];
  }
}

/** Of a worker of the group that the ground is named for. */
export function workerLines({ name, proxies }: Ground): Lines {
  return {
    'bootstrap.servers': proxies.behind,
    'group.id': name,
    listeners: 'http://127.0.0.1:0',
    'session.timeout.ms': SESSION_MS,
    'request.timeout.ms': 5000,
    'offset.storage.topic': `${name}.offsets`,
    'offset.storage.partitions': 5,
    'config.storage.topic': `${name}.configs`,
    'status.storage.topic': `${name}.statuses`,
    'file.status.storage.topic': `${name}.files`,
    'log.level': 'debug',
  };
}

function factsOf(findings: readonly Findings[]): Outcome['facts'] {
  const sum = (of: (finding: Findings) => number) => findings.reduce((total, each) => total + of(each), 0);
  return [
    ['rows', sum(({ rows }) => rows)],
    ['delivered', sum(({ delivered }) => delivered)],
    ['lost', sum((each) => each.count('row lost'))],
    ['duplicated', sum((each) => each.count('row duplicated'))],
    ['out of order per key', sum((each) => each.count('row out of order'))],
    ['wrong or unknown', sum((each) => each.count('row wrong') + each.count('row unknown'))],
    ['dead-lettered', `${sum((each) => each.deadLetters)} of ${sum((each) => each.deadLettersExpected)}`],
    ['offset at end of file', `${sum((each) => each.filesAtEnd)} of ${sum((each) => each.files)} files`],
  ];
}
