import type { ReadRecord } from './log-reader.ts';
import type { Problems } from './problems.ts';
import type { SourceRows } from './source-rows.ts';

interface StoredOffset {
  readonly position?: number;
  readonly row?: number;
  readonly produced?: number;
  readonly filtered?: number;
  readonly rejected?: number;
  readonly eof?: boolean;
}

/** A key's records lie in several partitions when the topic got more of them: the highest version is the last. */
interface VersionedOffset extends StoredOffset {
  readonly version: number;
}

interface Expected {
  readonly source: SourceRows;
  readonly rejected: number;
}

/** Compares the last stored offset of each file with the end of the file. */
export class OffsetCheck {
  readonly #connector: string;
  readonly #problems: Problems;
  readonly #expected = new Map<string, Expected>();
  /** The last offset of each generation of each file. */
  readonly #last = new Map<string, Map<string, VersionedOffset>>();

  constructor(connector: string, problems: Problems) {
    this.#connector = connector;
    this.#problems = problems;
  }

  expect(source: SourceRows, bad: ReadonlyMap<number, unknown>): void {
    this.#expected.set(source.name, { source, rejected: bad.size });
  }

  add({ key, value, headers }: ReadRecord): void {
    const [connector, partition] = JSON.parse(String(key)) as [string, Record<string, string>];
    const { file, generation } = partition;
    if (connector !== this.#connector || file === undefined || generation === undefined) return;
    const version = Number(headers.get('headrace.version') ?? 0);
    const generations = this.#last.get(file) ?? new Map<string, VersionedOffset>();
    this.#last.set(file, generations);
    if ((generations.get(generation)?.version ?? 0) > version) return;
    generations.set(generation, { ...(JSON.parse(String(value)) as StoredOffset), version });
  }

  /** Files whose stored offset is their end. */
  get atEnd(): number {
    const names = [...this.#expected.keys()];
    return names.filter((name) => this.#faultOf(name) === null).length;
  }

  finish(): void {
    for (const name of this.#expected.keys()) {
      const fault = this.#faultOf(name);
      if (fault !== null) this.#problems.add('offset wrong', `${name}: ${fault}`);
    }
  }

  #faultOf(name: string): string | null {
    const { source, rejected } = this.#expected.get(name) as Expected;
    const generations = [...(this.#last.get(name)?.values() ?? [])];
    if (generations.length !== 1) return `${generations.length} generations are stored, not one`;
    const { version, ...offset } = generations[0] as VersionedOffset;
    const expected: Required<StoredOffset> = {
      position: source.size,
      row: source.count,
      produced: source.count - rejected,
      filtered: 0,
      rejected,
      eof: true,
    };
    const isRight = Object.entries(expected).every(
      ([field, value]) => offset[field as keyof StoredOffset] === value,
    );
    return isRight ? null : `expected ${JSON.stringify(expected)}, stored is ${JSON.stringify(offset)}`;
  }
}
