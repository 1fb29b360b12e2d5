import type { ConnectorConfig } from '../config/connector-config.ts';
import type { DryEncoder } from '../dry-run/dry-encoder.ts';
import type { Rejection, SourceArchive, SourceFile } from '../plugin/index.ts';
import type { RowBatch } from '../rows/index.ts';
import type { RejectedRow, RowCounts, RuntimeEvent } from '../runtime/events/events.ts';
import { rejectedRow } from '../runtime/events/summary-events.ts';
import { ErrorPolicy } from '../runtime/stages/error-policy.ts';
import { MAX_EXAMPLES } from '../sink/tally.ts';
import { rejectionIn } from '../sink/unsendable-record.ts';
import { addedUp, NO_ROWS } from './row-counts.ts';

/** An event without where it happens. */
export type Unplaced = RuntimeEvent extends infer E
  ? E extends { connector: string; task: number }
    ? Omit<E, 'connector' | 'task'>
    : never
  : never;

/** Counts what would become of rows, as the sink does, and tells it as commits are told. */
export class DryRows {
  readonly #encoder: DryEncoder;
  readonly #policy: ErrorPolicy;
  readonly #includesValues: boolean;
  readonly #deadLetterTopic: string | null;
  readonly #publish: (event: Unplaced) => void;
  readonly #givenUp = new WeakSet<SourceFile | SourceArchive>();
  #file: SourceFile | null = null;
  /** Of the file, so far. */
  #rows: RowCounts = NO_ROWS;
  /** Of those files of its archive that have ended. */
  #before = { rows: NO_ROWS, bytes: 0 };

  constructor({ errors }: ConnectorConfig, encoder: DryEncoder, publish: (event: Unplaced) => void) {
    this.#encoder = encoder;
    this.#policy = new ErrorPolicy(errors);
    this.#includesValues = errors.includesValues;
    this.#deadLetterTopic = errors.deadLetterTopic;
    this.#publish = publish;
  }

  isGivenUp(file: SourceFile): boolean {
    return this.#givenUp.has(file.archive ?? file);
  }

  /** @throws FileRejected or HeadraceError where the policy admits no more; what was counted before is told. */
  take(batch: RowBatch): void {
    this.#begin(batch.file);
    const count = { read: 0, produced: 0, filtered: 0, rejected: 0 };
    const found: Found = { topics: Object.create(null), plugins: Object.create(null), examples: [] };
    try {
      for (let index = 0; index < batch.rowCount; index++) {
        this.#admit(batch, index, found, count);
        count.read++;
      }
      if (batch.eof) this.#policy.admitFile(batch.file, this.#standing(count));
    } catch (error) {
      this.#givenUp.add(batch.file.archive ?? batch.file);
      this.#tell(batch, count, found, false);
      throw error;
    }
    this.#tell(batch, count, found, batch.eof);
  }

  #begin(file: SourceFile): void {
    if (this.#file === file) return;
    const goesOn = file.archive !== undefined && this.#file?.archive === file.archive;
    if (!goesOn) this.#before = { rows: NO_ROWS, bytes: 0 };
    this.#rows = NO_ROWS;
    this.#file = file;
  }

  #admit(
    batch: RowBatch,
    index: number,
    { topics, plugins, examples }: Found,
    count: { produced: number; filtered: number; rejected: number },
  ): void {
    const refused = batch.isLive(index) ? this.#refusalOf(batch, index, topics) : null;
    if (refused !== null) batch.reject(index, refused);
    const rejection = batch.rejections.get(index);
    if (rejection === undefined) {
      if (batch.isLive(index)) count.produced++;
      else count.filtered++;
      return;
    }
    const rejected = this.#rows.rejected + count.rejected + 1;
    this.#policy.admit(batch, index, rejection, { rows: batch.rowNumber(index), rejected });
    count.rejected++;
    add(plugins, rejection.plugin);
    if (this.#deadLetterTopic !== null) add(topics, this.#deadLetterTopic);
    if (examples.length < MAX_EXAMPLES)
      examples.push(rejectedRow({ origin: batch.origin(index), rejection }, this.#includesValues));
  }

  /** Why a row would not be written; null when all its records would. */
  #refusalOf(batch: RowBatch, index: number, topics: Record<string, number>): Rejection | null {
    try {
      const encoded = batch.records(index).map((record) => this.#encoder.encode(batch.file, record));
      for (const { topic } of encoded) add(topics, topic.name);
      return null;
    } catch (error) {
      return rejectionIn(error);
    }
  }

  #standing({ read, rejected }: Pick<RowCounts, 'read' | 'rejected'>) {
    return { rows: this.#rows.read + read, rejected: this.#rows.rejected + rejected };
  }

  #tell(
    { file, progress, bytes }: RowBatch,
    count: RowCounts,
    { topics, plugins, examples }: Found,
    eof: boolean,
  ): void {
    this.#rows = addedUp([this.#rows, count]);
    const whole = file.archive ?? file;
    const rows = addedUp([this.#before.rows, this.#rows]);
    const position = this.#before.bytes + progress.position;
    const isEnd = eof && (file.archive?.endsWith(file) ?? true);
    if (eof) this.#before = { rows, bytes: position };
    this.#publish({
      ...{ type: 'transaction.committed', rows: count, topics, fileBytes: bytes.length, sentBytes: 0 },
      ...{ expired: 0, durationMs: 0 },
      files: [{ path: whole.path, position, diskPosition: position, size: file.size, rows, eof: isEnd }],
    });
    if (count.rejected > 0)
      this.#publish({
        ...{ type: 'rows.rejected', count: count.rejected, plugins },
        ...{ unserialized: {}, examples },
      });
    if (!isEnd) return;
    const { read, produced, filtered, rejected } = rows;
    const detail = { rows: read, produced, filtered, rejected };
    this.#publish({ type: 'file.state', file: whole.path, state: 'COMPLETED', detail });
  }
}

/** What is told of a batch besides counts. */
interface Found {
  /** Records by topic, and rejected rows by plugin. */
  readonly topics: Record<string, number>;
  readonly plugins: Record<string, number>;
  readonly examples: RejectedRow[];
}

function add(topics: Record<string, number>, topic: string): void {
  topics[topic] = (topics[topic] ?? 0) + 1;
}
