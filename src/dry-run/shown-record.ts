import type { RecordHeader } from '../plugin/index.ts';
import type { RecordSnapshot } from './record-snapshot.ts';

/** A key or value as bytes. */
export interface ShownSide {
  readonly converter: string;
  /** null for null, and where the bytes are not known. */
  readonly bytes: Buffer | null;
  /** False when the converter first needs its schema registry, which a dry run does not ask. */
  readonly known: boolean;
}

/** A record as the sink would send it, to be looked at. */
export interface ShownRecord {
  readonly snapshot: RecordSnapshot;
  readonly topic: string;
  readonly key: ShownSide;
  readonly value: ShownSide;
  /** null when it depends on how many partitions the topic has. */
  readonly partition: number | null;
  readonly partitionBy: 'key' | 'file' | 'record';
  /** All of them, those that every record gets first. */
  readonly headers: readonly RecordHeader[];
}
