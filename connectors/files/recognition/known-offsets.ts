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

/** What is known of each path, by the offsets that are committed. */
export class KnownOffsets {
  readonly #connector: string;
  readonly #offsets: OffsetReader;

  constructor(connector: string, offsets: OffsetReader) {
    this.#connector = connector;
    this.#offsets = offsets;
  }

  /** Those of which anything is delivered: a content that was given up before its first row is nothing to go by. */
  generationsOf(path: string): KnownGeneration[] {
    const generations = this.#storedOf(path).map(([generation, offset]) => ({
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
    return this.#storedOf(path).some(
      ([, offset]) =>
        offset.eof === true &&
        offset.size === size &&
        offset.mtimeMs === mtimeMs &&
        (offset.identity ?? identity) === identity,
    );
  }

  *paths(): Generator<string> {
    for (const { partition } of this.#offsets.find({})) {
      if (typeof partition.file === 'string') yield partition.file;
    }
  }

  /** Whether anything was delivered under the path. */
  isKnown(path: string): boolean {
    return this.#storedOf(path).some(([, { failed, position }]) => failed === undefined || position !== 0);
  }

  /** A part of a content is delivered under the path, and the rest is to come. */
  isBegun(path: string): boolean {
    return this.#storedOf(path).some(
      ([, { eof, failed, position }]) => eof !== true && failed === undefined && position !== 0,
    );
  }

  #storedOf(path: string): [generation: string, offset: SourceOffset][] {
    const found: [string, SourceOffset][] = [];
    for (const { partition, offset } of this.#offsets.find({ file: path })) {
      if (typeof partition.generation === 'string') found.push([partition.generation, offset]);
    }
    return found;
  }
}
