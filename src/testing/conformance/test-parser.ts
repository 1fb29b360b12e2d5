import { messageOf } from '../../errors.ts';
import type { ConfigDefinition, ParserPlugin } from '../../plugin/index.ts';
import { PluginFault } from '../../plugin-calls/plugin-use.ts';
import { type Options, valuesOf } from '../option-values.ts';
import type { Random } from '../seeded-random.ts';
import { byChance } from './chance.ts';
import {
  type BatteryOptions,
  type ConformanceCase,
  conformanceCases,
  expectSame,
  expectThat,
  shownData,
  Unmet,
} from './conformance-case.ts';
import { DEADLINE_MS } from './deadline.ts';
import { expectNamedError, isFault } from './error-checks.ts';
import { leavingNothing } from './left-running.ts';
import { optionChecks, type WrongOptions } from './option-checks.ts';
import { type ParsedFile, ParserRun, type PlacedRow, startAt } from './parser-run.ts';

/** A file, and what becomes of it. */
export type ParserExample = { readonly content: string | Uint8Array } & (
  | {
      /** Each row by its columns, or a part of the message with which it is rejected. */
      readonly rows: readonly (Readonly<Record<string, string>> | string)[];
    }
  | {
      /** A part of the message with which the file is given up. */
      readonly fails: string;
    }
);

export interface ParserBattery extends BatteryOptions {
  /** Dotted keys and their text, without the `transforms.<label>.` before them. */
  readonly options?: Options;
  readonly examples: readonly ParserExample[];
  readonly wrongOptions?: readonly WrongOptions[];
}

const RANDOM_CUTS = 30;
const DAMAGED_FILES = 100;

/**
 * What every parser must do, by examples of what this one does.
 *
 *     for (const { name, run } of testParser(plugin, { examples })) test(name, run);
 */
export function testParser<D extends ConfigDefinition>(
  plugin: ParserPlugin<D>,
  { options = {}, examples, wrongOptions, seed, deadlineMs = DEADLINE_MS }: ParserBattery,
): readonly ConformanceCase[] {
  const run = () => ParserRun.of(plugin, options, deadlineMs);
  const files = examples.map((example) => new ExampleFile(example));
  const good = files.filter(({ example }) => 'rows' in example);
  return conformanceCases(`parser ${plugin.name}`, {
    ...optionChecks(plugin, options, wrongOptions),
    'makes of each file what its example says': async () => {
      for (const file of files) await file.expectExample(await run());
    },
    'makes the same rows wherever the bytes are cut': () =>
      byChance(seed, async (random) => {
        for (const file of good) await file.expectSameHoweverCut(await run(), random);
      }),
    'goes on behind every row': async () => {
      for (const file of good) await file.expectSameFromEverywhere(await run());
    },
    'reads a file behind another as if it were the first': async () => {
      for (const file of good) await file.expectSameBehindOthers(await run(), await run());
    },
    'rejects rows by errors that say what is wrong': async () => {
      for (const file of good) file.expectNamedErrors(await file.read(await run()), plugin.name);
    },
    'rejects rows or gives up the file, whatever is in it': () =>
      byChance(seed, async (random) => {
        for (const file of files) await file.expectNoFault(run, random);
      }),
    'can be left at any byte, and leaves nothing running': () =>
      leavingNothing(deadlineMs, async () => {
        for (const file of good) file.leaveAnywhere(await run());
      }),
    'has the columns that it says': async () => {
      const said = plugin.columns?.(valuesOf(plugin, options)) ?? null;
      if (said === null) return;
      for (const file of good)
        expectSame(`${file.title}: columns`, said, (await file.read(await run())).columns);
    },
  });
}

class ExampleFile {
  readonly example: ParserExample;
  readonly title: string;
  readonly #content: Buffer;

  constructor(example: ParserExample) {
    this.example = example;
    this.#content = Buffer.from(example.content);
    this.title = `file ${shownData(this.#content)}`;
  }

  read(run: ParserRun): Promise<ParsedFile> {
    return this.#within(() => run.read(this.#content));
  }

  async expectExample(run: ParserRun): Promise<void> {
    const { example, title } = this;
    if ('fails' in example) return this.#expectGivenUp(run, example.fails);
    const { rows } = await this.read(run);
    const got = rows.map((row, index) => this.#asExpected(row, example.rows[index]));
    expectSame(`${title}: rows`, example.rows, got);
  }

  async #expectGivenUp(run: ParserRun, fails: string): Promise<void> {
    let got = 'its rows';
    try {
      await run.read(this.#content);
    } catch (error) {
      got = messageOf(error);
      if (got.includes(fails)) return;
    }
    throw new Error(`${this.title}: expected to be given up with "${fails}", got ${got}`);
  }

  /** A rejected row whose message has the part that is expected is that part. */
  #asExpected(row: PlacedRow, expected: unknown): unknown {
    if (row.outcome === 'row') return row.row;
    const { message } = row.rejection;
    return typeof expected === 'string' && message.includes(expected) ? expected : message;
  }

  async expectSameHoweverCut(run: ParserRun, random: Random): Promise<void> {
    const whole = await this.read(run);
    const bytes = this.#content;
    const everywhere = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    await this.#expectSameIn(run, whole, everywhere.length === 0 ? [bytes] : everywhere);
    for (let cut = 0; cut < RANDOM_CUTS; cut++) await this.#expectSameIn(run, whole, piecesOf(bytes, random));
  }

  async #expectSameIn(run: ParserRun, whole: ParsedFile, pieces: readonly Buffer[]): Promise<void> {
    const how = `in pieces of ${shownLengths(pieces)} bytes`;
    const { rows, progress } = await this.#within(() => run.read(this.#content, { pieces }), how);
    expectSame(`${this.title}: rows ${how}`, whole.rows, rows);
    expectSame(`${this.title}: progress at the end ${how}`, whole.progress, progress);
  }

  /** Behind each run of rows, of which most parsers give one for each row when bytes come singly; and within one. */
  async expectSameFromEverywhere(run: ParserRun): Promise<void> {
    const content = this.#content;
    const whole = await this.read(run);
    const pieces = Array.from(content, (_, at) => content.subarray(at, at + 1));
    const singly = pieces.length === 0 ? whole : await this.#within(() => run.read(content, { pieces }));
    for (const { after, progress } of [...whole.stops, ...singly.stops]) {
      if (progress.position === 0) continue;
      const start = startAt(progress, content);
      const how = `from byte ${progress.position} on, behind ${after} rows`;
      const { rows, progress: end } = await this.#within(() => run.read(content, { start }), how);
      expectSame(`${this.title}: rows ${how}`, whole.rows.slice(after), rows);
      expectSame(`${this.title}: progress at the end ${how}`, whole.progress, end);
    }
  }

  async expectSameBehindOthers(first: ParserRun, run: ParserRun): Promise<void> {
    const alone = await this.read(first);
    for (const bytes of [0, Math.floor(this.#content.length / 2), this.#content.length]) {
      this.#left(run, bytes);
      expectSame(`${this.title}: behind ${bytes} bytes of it`, alone, await this.read(run));
    }
  }

  expectNamedErrors({ rows }: ParsedFile, plugin: string): void {
    for (const { bytes, number, ...row } of rows) {
      if (row.outcome !== 'rejected') continue;
      const about = `${this.title}: row ${number}`;
      expectNamedError(about, row.rejection, [bytes]);
      expectSame(`${about}: the plugin that rejects it`, plugin, row.rejection.plugin);
    }
  }

  async expectNoFault(makeRun: () => Promise<ParserRun>, random: Random): Promise<void> {
    const run = await makeRun();
    for (let time = 0; time < DAMAGED_FILES; time++) {
      const content = damaged(this.#content, random);
      try {
        await run.read(content, { pieces: piecesOf(content, random) });
      } catch (error) {
        const { name, message } = error as Error;
        const about = `file ${shownData(content)}`;
        if (error instanceof Unmet || error instanceof PluginFault) throw new Error(`${about}: ${message}`);
        const expected = 'rows, rejected rows or an error that says why it is no file of rows';
        expectThat(!isFault(name), () => `${about}: expected ${expected}, got ${name}: ${message}`);
      }
    }
  }

  leaveAnywhere(run: ParserRun): void {
    for (let bytes = 0; bytes <= this.#content.length; bytes++) this.#left(run, bytes);
  }

  #left(run: ParserRun, bytes: number): void {
    try {
      run.leave(this.#content, bytes);
    } catch (error) {
      throw new Error(`${this.title}: left behind ${bytes} bytes: ${messageOf(error)}`, { cause: error });
    }
  }

  async #within<T>(act: () => Promise<T>, how = 'in one piece'): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw new Error(`${this.title} ${how}: ${messageOf(error)}`, { cause: error });
    }
  }
}

const LONGEST_PIECE = 10;

/** Pieces of chance, some of them empty. */
function piecesOf(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + Math.floor(random() * LONGEST_PIECE);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces.length === 0 ? [bytes] : pieces;
}

const SHOWN_PIECES = 20;

function shownLengths(pieces: readonly Buffer[]): string {
  const lengths = pieces.slice(0, SHOWN_PIECES).map(({ length }) => length);
  return lengths.join(', ') + (pieces.length > SHOWN_PIECES ? ', …' : '');
}

/** The bytes with some of them changed, taken out or put in twice, or cut off. */
function damaged(bytes: Buffer, random: Random): Buffer {
  const damage = [...bytes, 0x0a];
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * damage.length);
    const kind = Math.floor(random() * 4);
    if (kind === 0) damage[at] = Math.floor(random() * 256);
    else if (kind === 1) damage.splice(at, 1);
    else if (kind === 2) damage.splice(at, 0, ...damage.slice(at, at + 5));
    else damage.length = at + 1;
  }
  return Buffer.from(damage);
}
