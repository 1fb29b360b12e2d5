import type { OffsetReader, SourceOffset, SourcePartition } from '../../../src/plugin/index.ts';
import { type FileVersion, mtimeMsOf } from '../file-version.ts';
import type { StoredOffset } from './stored-offset.ts';
import { isUntouchedSince, parseOffset, UnusableOffset } from './stored-offset.ts';

/** One content that was, in whole or in part, delivered under a path. */
export interface KnownGeneration {
  readonly generation: string;
  readonly offset: StoredOffset;
}

/** The source partition of a file. The only place that makes one: the order of its properties is part of its key. */
export function partitionOf(path: string, generation: string): SourcePartition {
  return { file: path, generation };
}

/** What is known of each path: the offsets of before this task started, and those committed since. */
export class KnownOffsets {
  readonly #connector: string;
  /** By path, then by generation. Indexed once: to ask the reader for each of many files would not do. */
  readonly #offsets = new Map<string, Map<string, SourceOffset>>();

  constructor(connector: string, before: OffsetReader) {
    this.#connector = connector;
    for (const { partition, offset } of before.find({})) {
      const { file, generation } = partition;
      if (typeof file === 'string' && typeof generation === 'string') {
        this.remember(file, generation, offset);
      }
    }
  }

  remember(path: string, generation: string, offset: SourceOffset): void {
    const generations = this.#offsets.get(path) ?? new Map<string, SourceOffset>();
    this.#offsets.set(path, generations.set(generation, offset));
  }

  /** Those of which anything is delivered: a content that was given up before its first row is nothing to go by. */
  generationsOf(path: string): KnownGeneration[] {
    const generations = [...(this.#offsets.get(path) ?? [])].map(([generation, offset]) => ({
      generation,
      offset: parseOffset(this.#connector, path, offset),
    }));
    return generations.filter(({ offset }) => offset.failed === null || offset.position > 0);
  }

  /** Whether all of this very version was delivered; false too for an offset that cannot be used. */
  isDelivered(path: string, version: FileVersion): boolean {
    try {
      return this.generationsOf(path).some(({ offset }) => offset.eof && isUntouchedSince(version, offset));
    } catch (error) {
      if (error instanceof UnusableOffset) return false;
      throw error;
    }
  }

  /** Whether all of this file, with this size and time, was delivered: enough to go by where it is looked at itself next. */
  isEnded(path: string, version: FileVersion): boolean {
    const { size, identity } = version;
    const mtimeMs = mtimeMsOf(version);
    return [...(this.#offsets.get(path)?.values() ?? [])].some(
      (offset) =>
        offset.eof === true &&
        offset.size === size &&
        offset.mtimeMs === mtimeMs &&
        (offset.identity ?? identity) === identity,
    );
  }

  paths(): Iterable<string> {
    return this.#offsets.keys();
  }

  isKnown(path: string): boolean {
    return this.#offsets.has(path);
  }
}
