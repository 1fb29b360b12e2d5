import { messageOf } from '../../errors.ts';
import { type ConfigDefinition, FileRejected, type SourceConnectorPlugin } from '../../plugin/index.ts';
import { type Options, valuesOf } from '../option-values.ts';
import type { StoredOffset } from '../read-files.ts';
import {
  type BatteryOptions,
  type ConformanceCase,
  conformanceCases,
  expectSame,
  expectThat,
} from './conformance-case.ts';
import { DEADLINE_MS, within } from './deadline.ts';
import { isFault } from './error-checks.ts';
import { leavingNothing } from './left-running.ts';
import { optionChecks, type WrongOptions } from './option-checks.ts';
import { type GivenFile, progressAt, type RunOptions, SourceRun, storedAt } from './source-run.ts';

/** A file that a source gives, decompressed where it is compressed. */
export interface SourceExample {
  /** As the source calls it; any if it is not said. */
  readonly path?: string;
  readonly content: string | Uint8Array;
}

export interface SourceBattery extends BatteryOptions {
  /**
   * Dotted keys and their text, as a feed has them. A function makes a place of its own with these files, which a source
   * that moves or deletes them needs: it is called for each case.
   */
  readonly options: Options | (() => Options | Promise<Options>);
  /** What is there, in the order in which one task gives it: two files or more, of some lines each. */
  readonly files: readonly SourceExample[];
  /** It ends only when it is told to stop. */
  readonly watches?: boolean;
  /** How many files were opened so far, by whoever serves them. Without it those count that are told as READING. */
  readonly opened?: () => number;
  /** Places that cannot be read, and a part of what is said of them. */
  readonly failing?: readonly WrongOptions[];
  readonly wrongOptions?: readonly WrongOptions[];
}

const MOST_TASKS = 3;
/** How long a source that watches has nothing to give before it is believed. */
const QUIET_MS = 300;

/**
 * What every source connector must do, by files of which this one gives all.
 *
 *     for (const { name, run } of testSourceConnector(plugin, { options, files })) test(name, run);
 */
export function testSourceConnector<D extends ConfigDefinition>(
  plugin: SourceConnectorPlugin<D>,
  { deadlineMs = DEADLINE_MS, ...battery }: SourceBattery,
): readonly ConformanceCase[] {
  const optionsOf = async () => (typeof battery.options === 'function' ? battery.options() : battery.options);
  const inPlace = (act: (place: PlaceOfFiles<D>) => unknown) => async () =>
    act(new PlaceOfFiles(plugin, await optionsOf(), battery, deadlineMs));
  const options = typeof battery.options === 'function' ? null : battery.options;
  const checks = optionChecks(plugin, options ?? {}, battery.wrongOptions);
  return conformanceCases(`source connector ${plugin.name}`, {
    ...(options === null ? withOptions(plugin, optionsOf, battery.wrongOptions) : checks),
    'gives every file, whole and in order': inPlace((place) => place.everything()),
    'goes on behind every line': inPlace((place) => place.everyLine()),
    'gives nothing of what is delivered': inPlace((place) => place.delivered()),
    'is finished with a file as often as it is told': inPlace((place) => place.finishedTwice()),
    'reads no further than it is asked': inPlace((place) => place.backPressure()),
    'ends when it is told to stop, wherever it is': inPlace((place) => place.stops()),
    'goes on behind a file that is given up': inPlace((place) => place.givenUp()),
    'shares files out among tasks, each once': inPlace((place) => place.shared()),
    'counts its files': inPlace((place) => place.counted()),
    'says why a place cannot be read': inPlace((place) => place.failing(battery.failing ?? [])),
    'leaves nothing running, read or not': inPlace((place) =>
      leavingNothing(deadlineMs, () => place.leave()),
    ),
  });
}

/** The checks of options, once there is a place for them. */
function withOptions<D extends ConfigDefinition>(
  plugin: SourceConnectorPlugin<D>,
  optionsOf: () => Promise<Options>,
  wrong: readonly WrongOptions[] | undefined,
): Readonly<Record<string, () => Promise<void>>> {
  const names = Object.keys(optionChecks(plugin, {}, wrong));
  return Object.fromEntries(
    names.map((name) => [name, async () => optionChecks(plugin, await optionsOf(), wrong)[name]?.()]),
  );
}

class PlaceOfFiles<D extends ConfigDefinition> {
  readonly #plugin: SourceConnectorPlugin<D>;
  readonly #options: Options;
  readonly #battery: Omit<SourceBattery, 'options'>;
  readonly #deadlineMs: number;
  readonly #files: readonly { readonly path?: string; readonly content: Buffer }[];

  constructor(
    plugin: SourceConnectorPlugin<D>,
    options: Options,
    battery: Omit<SourceBattery, 'options'>,
    deadlineMs: number,
  ) {
    this.#plugin = plugin;
    this.#options = options;
    this.#battery = battery;
    this.#deadlineMs = deadlineMs;
    this.#files = battery.files.map((file) => ({ ...file, content: Buffer.from(file.content) }));
  }

  async everything(): Promise<void> {
    this.#expectFiles('the files', await this.#read());
  }

  async everyLine(): Promise<void> {
    const whole = await this.#read();
    for (const [index, { file, content }] of whole.entries()) {
      for (
        let end = content.indexOf('\n') + 1;
        end > 0 && end < content.length;
        end = content.indexOf('\n', end) + 1
      ) {
        const how = `${file.path} from byte ${end} on`;
        const again = await this.#read([storedAt(file, content, end)]);
        expectSame(`how many files, ${how}`, whole.length, again.length);
        const rest = again[index] as GivenFile;
        expectSame(`start.position of ${how}`, end, rest.file.start?.position);
        expectSame(
          `start.headBytes of ${how}`,
          content.subarray(0, content.indexOf('\n') + 1),
          rest.file.start?.headBytes,
        );
        expectSame(how, content.subarray(end), rest.content);
      }
    }
  }

  async delivered(): Promise<void> {
    const stored = (await this.#read()).map(({ file, content }) => storedAt(file, content, content.length));
    // Nobody has told it of the commits: it finishes the files now, as after a crash between the two.
    await this.#expectNothing(stored, 'once all of it is committed');
    await this.#expectNothing(stored, 'when it starts again after that');
  }

  async finishedTwice(): Promise<void> {
    const run = await this.#run();
    await this.#ended(run, () =>
      run.files(this.#files.length, async ({ file, content }) => {
        const progress = progressAt(file, content, content.length);
        await within(this.#deadlineMs, 'committed', () => run.task.committed?.(file, progress));
        await within(this.#deadlineMs, 'committed', () => run.task.committed?.(file, progress));
      }),
    );
  }

  /** What was opened of files, when so many were asked for: no more than these. */
  async backPressure(): Promise<void> {
    const { opened } = this.#battery;
    const before = opened?.() ?? 0;
    const run = await this.#run();
    const count = () => (opened === undefined ? run.reading : opened() - before);
    await this.#ended(run, async () => {
      await run.lookBeside();
      expectSame('how many files were opened before the first chunk was asked for', 0, count());
      for (let whole = 0; whole < this.#files.length; ) {
        const chunk = await run.next();
        if (chunk === null || chunk instanceof FileRejected) break;
        await run.lookBeside();
        const most = run.given().length;
        const got = count();
        expectThat(
          got <= most,
          () => `expected ${most} of the files to be opened when so many were asked for, got ${got}`,
        );
        if (chunk.eof) whole += 1;
      }
    });
  }

  async stops(): Promise<void> {
    for (let chunks = 0, isMore = true; isMore; chunks++) {
      const run = await this.#run();
      for (let asked = 0; asked < chunks && isMore; asked++) isMore = this.#isMore(run, await run.next());
      run.stop();
      await this.#ended(run, () => this.#expectEnd(run, chunks));
    }
  }

  async #expectEnd(run: SourceRun, chunks: number): Promise<void> {
    const before = run.given().length;
    try {
      for (let chunk = await run.next(); chunk !== null; chunk = await run.next());
    } catch (error) {
      const { cause = error } = error as Error;
      if ((cause as Error).name !== 'AbortError')
        throw new Error(`stopped behind ${chunks} chunks: ${messageOf(error)}`, { cause: error });
    }
    const more = run.given().length - before;
    expectThat(
      more <= 1,
      () => `stopped behind ${chunks} chunks: expected it to end, got ${more} more files`,
    );
  }

  /** A source that watches has more to give as long as files are missing. */
  #isMore(run: SourceRun, chunk: unknown): boolean {
    if (chunk === null) return false;
    const given = run.given();
    return !this.#battery.watches || given.length < this.#files.length || given.at(-1)?.isWhole !== true;
  }

  async givenUp(): Promise<void> {
    const run = await this.#run();
    await this.#ended(run, async () => {
      run.task.retry?.([{ path: 'no such file', target: null }]);
      const first = await run.next();
      if (first === null || first instanceof FileRejected || run.task.failed === undefined) return;
      const { file } = first;
      const answer = await run.giveUp(file);
      expectThat(typeof answer === 'boolean', () => `failed: expected true or false, got ${String(answer)}`);
      if (this.#battery.watches) return;
      const others = (await run.files()).filter((given) => given.file !== file);
      expectSame('the files behind it', this.#files.slice(1).map(textOf), others.map(textOf));
    });
  }

  async shared(): Promise<void> {
    const values = this.#values();
    const taskCount = (await this.#plugin.taskCount?.(values, MOST_TASKS)) ?? MOST_TASKS;
    const isRight = Number.isInteger(taskCount) && taskCount >= 1 && taskCount <= MOST_TASKS;
    expectThat(isRight, () => `taskCount: expected a number from 1 to ${MOST_TASKS}, got ${taskCount}`);
    if (this.#battery.watches) return;
    const given: GivenFile[] = [];
    for (let taskId = 0; taskId < taskCount; taskId++)
      given.push(...(await this.#read([], { taskId, taskCount })));
    const expected = this.#files.map(textOf).sort();
    expectSame(`the files of ${taskCount} tasks`, expected, given.map(textOf).sort());
  }

  async counted(): Promise<void> {
    if (this.#plugin.countFiles === undefined) return;
    expectSame('countFiles', this.#files.length, await this.#plugin.countFiles(this.#values()));
  }

  async failing(places: readonly WrongOptions[]): Promise<void> {
    for (const { options, message } of places) {
      const about = `options ${JSON.stringify(options)}`;
      const error = await this.#errorOf({ ...this.#options, ...options });
      expectThat(error !== null, () => `${about}: expected an error with "${message}" in it, got none`);
      const { name } = (error.cause ?? error) as Error;
      const isMeant = error.message.includes(message) && !isFault(name);
      expectThat(
        isMeant,
        () => `${about}: expected an error with "${message}" in it, got ${name}: ${error.message}`,
      );
      const lines = error.message.split('\n').length;
      expectThat(lines === 1, () => `${about}: expected a message of one line, got ${lines} lines`);
    }
  }

  async #errorOf(options: Options): Promise<Error | null> {
    try {
      const place = new PlaceOfFiles(this.#plugin, options, this.#battery, this.#deadlineMs);
      await place.#read();
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  async leave(): Promise<void> {
    await (await this.#run()).end();
    const run = await this.#run();
    await this.#ended(run, () => run.next());
  }

  /** All files, of one task whose commits nobody tells it of. */
  async #read(stored: readonly StoredOffset[] = [], options: RunOptions = {}): Promise<readonly GivenFile[]> {
    const run = await this.#run({ stored, ...options });
    const most = this.#battery.watches ? this.#files.length : Number.POSITIVE_INFINITY;
    return this.#ended(run, () => run.files(most));
  }

  async #expectNothing(stored: readonly StoredOffset[], when: string): Promise<void> {
    const run = await this.#run({ stored });
    const stopping = this.#battery.watches ? setTimeout(() => run.stop(), QUIET_MS) : undefined;
    const given = await this.#ended(run, () => run.files());
    clearTimeout(stopping);
    expectSame(`the files ${when}`, [], given.map(textOf));
  }

  #run(options: RunOptions = {}): Promise<SourceRun> {
    return SourceRun.of(this.#plugin, this.#values(), this.#deadlineMs, options);
  }

  async #ended<T>(run: SourceRun, act: () => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await act();
    } catch (error) {
      await run.end().catch(() => {});
      throw error;
    }
    await run.end();
    return result;
  }

  #values() {
    return valuesOf(this.#plugin, this.#options);
  }

  #expectFiles(what: string, given: readonly GivenFile[]): void {
    expectSame(what, this.#files.map(textOf), given.map(textOf));
    this.#files.forEach(({ path }, index) => {
      if (path !== undefined) expectSame(`the path of file ${index + 1}`, path, given[index]?.file.path);
    });
  }
}

function textOf({ content }: { readonly content: Buffer }): string {
  return content.toString('latin1');
}
