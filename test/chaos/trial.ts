import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeadraceProcess, LogLine } from '../integration/support/headrace-process.ts';
import type { Checker, Findings } from './checker.ts';
import { readDeadLetterFile, readDeadLetterFolder } from './dead-letter-check.ts';
import type { Ground, Outcome } from './ground.ts';
import { Progress } from './kills/progress.ts';
import type { LogReader } from './log-reader.ts';
import type { TradesOptions } from './trades.ts';
import { TradesLoad, type TradesLoadOptions } from './trades-load.ts';

const BAD_EVERY = 1000;
const LOOK_MS = 50;
/** Without a commit for so long, nothing will come any more. */
const STUCK_MS = 120_000;

export interface TrialOptions
  extends Pick<TradesLoadOptions, 'feed' | 'worker' | 'staged' | 'place' | 'isMadeOverRest'> {
  readonly rows: number;
  readonly files?: number;
  readonly badEvery?: number;
  readonly faults?: TradesOptions['faults'];
  readonly isMixed?: boolean;
  /** Also holds dead letters, below the ground's folder. */
  readonly deadLetterFile?: string;
  /** A folder all of whose files hold dead letters; it is made. */
  readonly deadLetterFolder?: string;
}

/**
 * One load under a fault. A committed reader reads all along: what it has seen once must never come again. In the end
 * all that is in Kafka is compared with the files.
 */
export class Trial {
  readonly load: TradesLoad;
  readonly progress = new Progress();
  readonly #ground: Ground;
  readonly #options: TrialOptions;
  readonly #log: WriteStream;
  readonly #checker: Checker;
  readonly #reader: LogReader;
  readonly #daemons: HeadraceProcess[] = [];
  readonly #reading: Promise<void>;
  #restarts = 0;
  #isOver = false;

  private constructor(ground: Ground, options: TrialOptions, load: TradesLoad, reader: LogReader) {
    this.#ground = ground;
    this.#options = options;
    this.load = load;
    this.#log = createWriteStream(load.path('daemon.log'));
    this.#checker = load.checker();
    this.#reader = reader;
    this.#reading = this.#read();
    // An error is for `finish` to throw; until then it must not end the process.
    this.#reading.catch(() => {});
  }

  static async begin(ground: Ground, options: TrialOptions): Promise<Trial> {
    const { rows, files = 1, badEvery = BAD_EVERY, faults, isMixed = false, ...rest } = options;
    const load = await TradesLoad.prepare({
      bootstrapServers: ground.proxies.bootstrapServers,
      readFrom: ground.proxies.behind,
      folder: ground.folder,
      name: ground.name,
      trades: {
        rows,
        files,
        seed: ground.seed,
        badEvery,
        isMixed,
        ...(faults === undefined ? {} : { faults }),
      },
      ...rest,
      worker: { 'request.timeout.ms': 5000, ...options.worker },
      feed: { 'errors.retry.delay.ms': 100, 'errors.retry.delay.max.ms': 2000, ...options.feed },
    });
    const { deadLetterFolder } = options;
    if (deadLetterFolder !== undefined) await mkdir(load.path(deadLetterFolder));
    return new Trial(ground, options, load, await load.reader('read_committed'));
  }

  /** Times that a task was started again after an error. */
  get restarts(): number {
    return this.#restarts;
  }

  start(env: Readonly<Record<string, string>> = {}): HeadraceProcess {
    const onLine = (line: LogLine, text: string) => {
      this.progress.add(line);
      if (line.msg === 'task restarting') this.#restarts++;
      this.#log.write(`${text}\n`);
    };
    const daemon = this.load.start({
      onLine,
      built: this.#ground.wishes.built,
      env: { ...this.#ground.env, ...env },
    });
    this.#daemons.push(daemon);
    return daemon;
  }

  /** Resolves when every file that was dropped is put away. Throws when that will not come. */
  async delivered(daemon: HeadraceProcess): Promise<void> {
    await daemon.waitFor('worker started', STUCK_MS);
    let moved = { commits: this.progress.commits, at: performance.now() };
    while ((await this.load.waiting()).length > 0) {
      const failed = daemon.lines.find(({ msg }) => msg === 'task failed');
      if (failed !== undefined) throw new Error(`a task failed: ${JSON.stringify(failed.error)}`);
      if (daemon.hasExited) throw new Error('the daemon ended by itself');
      const { commits } = this.progress;
      if (commits > moved.commits) moved = { commits, at: performance.now() };
      if (performance.now() - moved.at > STUCK_MS) throw new Error('the daemon does nothing');
      await delay(LOOK_MS);
    }
  }

  /** Rows and dead letters that a reader sees which does not wait for commits. */
  async visibleUncommitted(): Promise<number> {
    const reader = await this.load.reader('read_uncommitted');
    let records = 0;
    await reader.readAll(() => records++);
    reader.close();
    return records;
  }

  /**
   * Kills the daemon `wishes.times` times while there are files to load, each time at a random instant of its task's life,
   * has the rest delivered, and finishes.
   */
  async finishAfterKills([shortestMs, longestMs]: readonly [number, number]): Promise<Outcome> {
    const { random, wishes } = this.#ground;
    let kills = 0;
    for (; kills < wishes.times && (await this.load.waiting()).length > 0; kills++) {
      const daemon = this.start();
      await daemon.waitFor('task running');
      await delay(shortestMs + random() * (longestMs - shortestMs));
      await daemon.kill();
    }
    const daemon = this.start();
    await this.delivered(daemon);
    return await this.finish(daemon, [['kills', kills]]);
  }

  /** Stops the daemon, if it still runs, as an operator would; compares what came with what should have. */
  async finish(
    daemon: HeadraceProcess | null,
    facts: Outcome['facts'] = [],
    wrong: readonly string[] = [],
  ): Promise<Outcome> {
    const code = daemon === null || daemon.hasExited ? 0 : await daemon.stop();
    this.#isOver = true;
    await this.#reading;
    const { undecided } = this.#reader;
    const findings = await this.#compare();
    await this.close();
    const faults = [...wrong, ...findings.examples];
    if (code !== 0) faults.push(`the daemon ended with code ${code} when it was told to stop`);
    if (undecided > 0) faults.push(`${undecided} offsets belong to transactions that are still open`);
    const finished = await this.load.finished();
    const expected = this.load.files.map(({ name }) => name);
    if (this.#options.feed?.['finished.path'] === undefined && String(finished) !== String(expected)) {
      faults.push(`the finished folder holds ${finished.join(', ') || 'nothing'}`);
    }
    return { wrong: faults, facts: [...factsOf(findings), ['task restarts', this.#restarts], ...facts] };
  }

  /** Ends what is left of it. */
  async close(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#daemons.map((daemon) => daemon.kill()));
    await this.#reading.catch(() => {});
    this.#reader.close();
    this.#log.end();
  }

  async #compare(): Promise<Findings> {
    const { deadLetterFile, deadLetterFolder } = this.#options;
    const letters =
      deadLetterFile === undefined ? [] : await readDeadLetterFile(this.load.path(deadLetterFile));
    if (deadLetterFolder !== undefined) {
      letters.push(...(await readDeadLetterFolder(this.load.path(deadLetterFolder))));
    }
    for (const letter of letters) this.#checker.deadLetters.add(letter);
    await this.load.addOffsets(this.#checker);
    return this.#checker.finish();
  }

  async #read(): Promise<void> {
    const checker = this.#checker;
    const take = (record: Parameters<Checker['addRow']>[0]) =>
      record.topic === this.load.topic ? checker.addRow(record) : checker.addDeadLetter(record);
    while (!this.#isOver) await this.#reader.readSome(take);
    await this.#reader.readAll(take);
  }
}

function factsOf(findings: Findings): Outcome['facts'] {
  return [
    ['rows', findings.rows],
    ['delivered', findings.delivered],
    ['lost', findings.count('row lost')],
    ['duplicated', findings.count('row duplicated')],
    ['out of order per key', findings.count('row out of order')],
    ['wrong or unknown', findings.count('row wrong') + findings.count('row unknown')],
    ['dead-lettered', `${findings.deadLetters} of ${findings.deadLettersExpected}`],
    ['offset at end of file', `${findings.filesAtEnd} of ${findings.files} files`],
  ];
}
