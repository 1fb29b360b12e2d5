import type { Table } from '../data/table.ts';

/** A feed to measure. One more is a file like those beside this, and a line in index.ts. */
export interface BenchFeed {
  readonly name: string;
  readonly doc: string;
  readonly table: Table;
  /** The part of `--rows` that it gets, so that wide rows make files of about the same size. */
  readonly share: number;
  /** Transformations between validate and route, by name; the plugin's type and options are in `settings`. */
  readonly transforms?: readonly string[];
  /** The file is read compressed. Loaders that cannot are given the CSV. */
  readonly gzipped?: boolean;
  /** The rows are in two files. */
  readonly halved?: boolean;
  /** The feed that it is held against, loaded by Headrace too, in place of other loaders. */
  readonly against?: BenchFeed;
  readonly needsRegistry?: boolean;
  /** Options of the feed beside those that all have, with their dotted names. `{registry}` is the registry's URL. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** As its records are sent. */
export function compressionOf({ settings }: BenchFeed): string {
  return settings?.['producer.override.compression.type'] ?? 'none';
}
