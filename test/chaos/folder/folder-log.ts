import { LogReader, type ReadRecord, type TopicPartitions } from '../log-reader.ts';

/** What is stored of one generation of a file. */
export interface Generation {
  readonly position: number;
  readonly produced: number;
  readonly rejected: number;
  readonly crc32: number;
  readonly eof?: boolean;
}

/** What came into Kafka from a folder, as a committed reader sees it; read on from where the last look ended. */
export class FolderLog {
  /** By path and row, how often it came. */
  readonly arrived = new Map<string, Map<number, number>>();
  /** By path, the most often that the rows of a key began anew. */
  readonly restarts = new Map<string, number>();
  /** By path, the last offset of each generation. */
  readonly generations = new Map<string, Map<string, Generation>>();
  readonly #reader: LogReader;
  readonly #offsetsTopic: string;
  readonly #lastRows = new Map<string, { row: number; restarts: number }>();

  private constructor(reader: LogReader, offsetsTopic: string) {
    this.#reader = reader;
    this.#offsetsTopic = offsetsTopic;
  }

  static async open(addresses: string, topics: TopicPartitions, offsetsTopic: string): Promise<FolderLog> {
    return new FolderLog(await LogReader.open(addresses, topics, 'read_committed'), offsetsTopic);
  }

  async look(): Promise<void> {
    await this.#reader.readAll((record) => this.#take(record));
  }

  /** For each path, offsets and records must tell of the same number of rows. */
  differences(): string[] {
    return [...this.generations].flatMap(([path, generations]) => {
      const stored = [...generations.values()].reduce((sum, each) => sum + each.produced + each.rejected, 0);
      const came = [...(this.arrived.get(path)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
      return stored === came ? [] : [`${path}: offsets tell of ${stored} rows, ${came} came`];
    });
  }

  close(): void {
    this.#reader.close();
  }

  #take(record: ReadRecord): void {
    if (record.topic === this.#offsetsTopic) return this.#takeOffset(record);
    const path = record.headers.get('file.path') ?? '';
    const text = String(record.value);
    // A row's number is its first cell, in a dead letter's bytes as in a row's JSON.
    const row = Number(/\d+/.exec(text)?.[0]);
    const counts = this.arrived.get(path) ?? new Map<number, number>();
    this.arrived.set(path, counts.set(row, (counts.get(row) ?? 0) + 1));
    this.#checkOrder(path, `${path}\n${record.topic}\n${record.key}`, row);
  }

  #checkOrder(path: string, place: string, row: number): void {
    const last = this.#lastRows.get(place) ?? { row: 0, restarts: 0 };
    if (row <= last.row) last.restarts++;
    this.#lastRows.set(place, { row, restarts: last.restarts });
    this.restarts.set(path, Math.max(last.restarts, this.restarts.get(path) ?? 0));
  }

  #takeOffset({ key, value }: ReadRecord): void {
    const [, { file, generation }] = JSON.parse(String(key)) as [string, Record<string, string>];
    if (file === undefined || generation === undefined) return;
    const generations = this.generations.get(file) ?? new Map<string, Generation>();
    this.generations.set(file, generations.set(generation, JSON.parse(String(value)) as Generation));
  }
}
