import type { ConfigDefinition, Converter, ConverterPlugin, RecordSchema } from '../../plugin/index.ts';
import { isThenable, shownValue } from '../../plugin-calls/plugin-use.ts';
import { created } from '../../runtime/task/created-plugin.ts';
import { type Options, valuesOf } from '../option-values.ts';
import { testContext } from '../test-context.ts';
import { byChance } from './chance.ts';
import {
  type BatteryOptions,
  type ConformanceCase,
  conformanceCases,
  copyOf,
  expectSame,
  expectThat,
  shownData,
} from './conformance-case.ts';
import { DEADLINE_MS, within } from './deadline.ts';
import { expectNamedError } from './error-checks.ts';
import { leavingNothing } from './left-running.ts';
import { optionChecks, type WrongOptions } from './option-checks.ts';

/** A key or value, and what is written of it. */
export type ConverterExample = {
  readonly value: unknown;
  /** Of a value that has one; null if it is not said. */
  readonly schema?: RecordSchema | null;
  /** `topic` if it is not said. */
  readonly topic?: string;
} & (
  | {
      /** The bytes, or the text whose UTF-8 they are. */
      readonly gives: Uint8Array | string | null;
    }
  | {
      /** A part of the message with which the row is rejected. */
      readonly rejects: string;
    }
);

export interface ConverterBattery extends BatteryOptions {
  /** Dotted keys and their text, without the `value.converter.` before them. */
  readonly options?: Options;
  /** Which of a record's sides it writes: the value if it is not said. */
  readonly side?: 'key' | 'value';
  readonly examples: readonly ConverterExample[];
  readonly wrongOptions?: readonly WrongOptions[];
}

const RANDOM_CALLS = 200;

/**
 * What every converter must do, by examples of what this one does.
 *
 *     for (const { name, run } of testConverter(plugin, { examples })) test(name, run);
 */
export function testConverter<D extends ConfigDefinition>(
  plugin: ConverterPlugin<D>,
  { options = {}, side = 'value', examples, wrongOptions, seed, deadlineMs = DEADLINE_MS }: ConverterBattery,
): readonly ConformanceCase[] {
  const run = async () => {
    const use = { key: 'testConverter', name: plugin.name, modulePath: null };
    const make = () => plugin.create(valuesOf(plugin, options), { ...testContext(), side });
    return new ConverterRun(
      await created(use, 'create', ['serialize'], make),
      examples,
      plugin.name,
      deadlineMs,
    );
  };
  return conformanceCases(`converter ${plugin.name}`, {
    ...optionChecks(plugin, options, wrongOptions),
    'writes of each value what its example says': async () => (await run()).examples(),
    'writes nothing for nothing': async () => (await run()).nothing(),
    'writes the same of a value whatever it wrote before': () =>
      byChance(seed, async (random) => (await run()).anyOrder(() => Math.floor(random() * examples.length))),
    'leaves values and schemas as they are': async () => (await run()).untouched(),
    'touches no bytes once they were given': async () => (await run()).givenBytes(),
    'rejects rows by errors that say what is wrong': async () => (await run()).errors(),
    'serves two tasks': async () => {
      const [one, other] = [await run(), await run()];
      await one.examples();
      await other.examples();
      await one.examples();
    },
    'leaves nothing running': () => leavingNothing(deadlineMs, async () => (await run()).examples()),
  });
}

/** What came of a value. */
type Written = { readonly bytes: Uint8Array | null } | { readonly error: Error };

class ConverterRun {
  readonly #converter: Converter;
  readonly #examples: readonly ConverterExample[];
  readonly #name: string;
  readonly #deadlineMs: number;
  /** By topic, the schema of its last record. */
  readonly #prepared = new Map<string, RecordSchema | null>();

  constructor(converter: Converter, examples: readonly ConverterExample[], name: string, deadlineMs: number) {
    this.#converter = converter;
    this.#examples = copyOf(examples);
    this.#name = name;
    this.#deadlineMs = deadlineMs;
  }

  async examples(): Promise<void> {
    for (const [index, example] of this.#examples.entries())
      this.#expectWritten(index, await this.#write(example));
  }

  async anyOrder(next: () => number): Promise<void> {
    for (let call = 0; call < RANDOM_CALLS && this.#examples.length > 0; call++) {
      const index = next();
      this.#expectWritten(index, await this.#write(this.#examples[index] as ConverterExample));
    }
  }

  async nothing(): Promise<void> {
    for (const example of this.#examples.filter((one) => 'gives' in one))
      expectSame('null', { bytes: null }, await this.#write({ ...example, value: null }));
  }

  async untouched(): Promise<void> {
    for (const [index, example] of this.#examples.entries()) {
      const before = copyOf(example);
      await this.#write(example);
      expectSame(this.#title(index), before, example);
    }
  }

  async givenBytes(): Promise<void> {
    const given: (readonly [index: number, bytes: Uint8Array, atOnce: Uint8Array])[] = [];
    for (const [index, example] of this.#examples.entries()) {
      const written = await this.#write(example);
      if ('bytes' in written && written.bytes !== null)
        given.push([index, written.bytes, Uint8Array.from(written.bytes)]);
    }
    for (const [index, bytes, atOnce] of given)
      expectSame(`${this.#title(index)}: its bytes, when others are written`, atOnce, bytes);
  }

  async errors(): Promise<void> {
    for (const [index, example] of this.#examples.entries()) {
      const written = await this.#write(example);
      if (!('error' in written)) continue;
      const { name: errorName, message, masked } = written.error as Error & { readonly masked?: string };
      const of = { stage: 'VALUE_CONVERTER', plugin: this.#name, errorName, message } as const;
      const { value } = example;
      const values = typeof value === 'object' && value !== null ? Object.values(value) : [value];
      expectNamedError(this.#title(index), masked === undefined ? of : { ...of, masked }, values);
    }
  }

  /** As a task does it: prepared for each topic, and again when its schema is another. */
  async #write({ topic = 'topic', schema = null, value }: ConverterExample): Promise<Written> {
    if (!this.#prepared.has(topic) || this.#prepared.get(topic) !== schema)
      await within(this.#deadlineMs, 'prepare', () => this.#converter.prepare?.(topic, schema));
    this.#prepared.set(topic, schema);
    let given: unknown;
    try {
      given = this.#converter.serialize(topic, schema, value);
    } catch (error) {
      return { error: error as Error };
    }
    if (isThenable(given)) Promise.resolve(given).catch(() => {});
    const isBytes = given === null || typeof given === 'string' || given instanceof Uint8Array;
    expectThat(
      isBytes,
      () => `${shownData(value)}: expected bytes, a text or null, at once, got ${shownValue(given)}`,
    );
    return { bytes: typeof given === 'string' ? Buffer.from(given) : (given as Uint8Array | null) };
  }

  #expectWritten(index: number, written: Written): void {
    const example = this.#examples[index] as ConverterExample;
    const about = this.#title(index);
    const got = 'error' in written ? `an error: ${written.error.message}` : shownData(written.bytes);
    if ('rejects' in example) {
      const isAsSaid = 'error' in written && written.error.message.includes(example.rejects);
      expectThat(isAsSaid, () => `${about}: expected to be rejected with "${example.rejects}", got ${got}`);
      return;
    }
    const wanted = typeof example.gives === 'string' ? Buffer.from(example.gives) : example.gives;
    expectThat('bytes' in written, () => `${about}: expected ${shownData(wanted)}, got ${got}`);
    expectSame(about, wanted, written.bytes);
  }

  #title(index: number): string {
    return `example ${index + 1}, ${shownData(this.#examples[index]?.value)}`;
  }
}
