import type { RefusedBatch } from '../kafka/producer/refused-batch.ts';
import type { Rejection, SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import type { RowPlace } from './partition-buffers.ts';

/** What is known of the rows of a batch before they are encoded. */
export interface KnownRows {
  /** The rows that Kafka refused, by their index. */
  readonly refused: ReadonlyMap<number, Rejection>;
  /** The rows before which record batches end, by their index, in order. */
  readonly cuts: readonly number[];
  /** Whether it is to be noted which row each record is of: one of them is to be found. */
  readonly isTraced: boolean;
}

interface FileRefusals {
  readonly refused: Map<number, Rejection>;
  readonly cuts: Set<number>;
  /** Up to this row. */
  tracedTo: number;
}

/** A refused batch of which no record is named is sent again in so many parts, until a part is one record. */
const PARTS = 16;

/**
 * The rows that Kafka refused when they were sent before. A task that goes on from its last commit rejects them instead
 * of sending them again. Which row a record is of is not noted as long as nothing is refused: after the first refusal the
 * rows up to there are traced, and the next one tells. Outlives the sink; its rows are forgotten when they are behind the
 * commit.
 */
export class Refusals {
  readonly #files = new Map<string, FileRefusals>();

  /**
   * Learns from what brokers refused.
   *
   * @param rowsOf those that were sent of each file that rows were sent of, from its beginning on
   * @returns false when nothing in it was not known before, so that another try would end in the same way
   */
  learn(batches: readonly RefusedBatch[], rowsOf: ReadonlyMap<SourceFile, number>): boolean {
    const before = this.#size();
    for (const batch of batches) {
      const places = batch.records.map(({ origin }) => (origin as RowPlace | undefined) ?? null);
      if (batch.isNamed || batch.records.length === 1) this.#refuse(batch, places);
      else this.#divide(places);
      if (places.includes(null)) for (const [file, rows] of rowsOf) this.#trace(file, rows);
    }
    return this.#size() > before;
  }

  /** null, as a rule, when nothing is known. */
  of(batch: RowBatch): KnownRows | null {
    if (this.#files.size === 0) return null;
    const known = this.#files.get(identityOf(batch.file));
    if (known === undefined) return null;
    const refused = new Map<number, Rejection>();
    const cuts: number[] = [];
    for (let index = 0; index < batch.rowCount; index++) {
      const row = batch.rowNumber(index);
      const rejection = known.refused.get(row);
      if (rejection !== undefined) refused.set(index, rejection);
      if (known.cuts.has(row)) cuts.push(index);
    }
    return { refused, cuts, isTraced: batch.rowNumber(0) <= known.tracedTo };
  }

  /** The rows of a file up to `row` are committed. */
  forget(file: SourceFile, row: number): void {
    if (this.#files.size === 0) return;
    const known = this.#files.get(identityOf(file));
    if (known === undefined) return;
    for (const rows of [known.refused, known.cuts]) {
      for (const one of rows.keys()) if (one <= row) rows.delete(one);
    }
    if (known.refused.size + known.cuts.size === 0 && known.tracedTo <= row)
      this.#files.delete(identityOf(file));
  }

  #refuse({ topic, error, records }: RefusedBatch, places: readonly (RowPlace | null)[]): void {
    const errorName = wordOf(error.errorName);
    places.forEach((place, index) => {
      if (place === null) return;
      const said = records[index]?.message;
      // What a broker says may have a value in it.
      const masked = `Kafka refused the record for ${topic}: ${error.errorName}`;
      const message = said ? `${masked} (${said})` : masked;
      const rejection = {
        stage: 'KAFKA_PRODUCE',
        plugin: 'sink',
        errorName,
        message,
        masked,
        topic,
      } as const;
      this.#of(place.file).refused.set(place.row, rejection);
    });
  }

  #divide(places: readonly (RowPlace | null)[]): void {
    const step = Math.ceil(places.length / PARTS);
    for (let index = 0; index < places.length; index += step) {
      const place = places[index];
      if (place) this.#of(place.file).cuts.add(place.row);
    }
    const last = places.at(-1);
    if (last) this.#of(last.file).cuts.add(last.row + 1);
  }

  #trace(file: SourceFile, rows: number): void {
    const known = this.#of(file);
    known.tracedTo = Math.max(known.tracedTo, rows);
  }

  #of(file: SourceFile): FileRefusals {
    const identity = identityOf(file);
    let known = this.#files.get(identity);
    if (known === undefined) {
      known = { refused: new Map(), cuts: new Set(), tracedTo: 0 };
      this.#files.set(identity, known);
    }
    return known;
  }

  #size(): number {
    let size = 0;
    for (const { refused, cuts, tracedTo } of this.#files.values())
      size += refused.size + cuts.size + tracedTo;
    return size;
  }
}

/** Path and generation: another content of the file is another. The files of an archive differ by their paths alone. */
function identityOf({ partition, path }: SourceFile): string {
  return JSON.stringify([partition, path]);
}

/** `INVALID_TIMESTAMP` as `InvalidTimestamp`. */
function wordOf(name: string): string {
  return name.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
