import type { FileVersion } from '../file-version.ts';
import { isUntouched } from '../file-version.ts';

/** A file as it was seen by somebody else, by a clock that all threads of the process share. */
export interface EarlierSighting {
  readonly path: string;
  readonly version: FileVersion;
  /** As `processMs` tells it. */
  readonly sinceMs: number;
  readonly discoveredMs: number;
}

/** Milliseconds by a clock that does not jump and is the same in all threads. */
export function processMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

interface Sighting {
  readonly version: FileVersion;
  readonly sinceMs: number;
  /** When it was met first, in milliseconds since 1970. */
  readonly discoveredMs: number;
}

/**
 * Tells when a file has not changed for so long that whoever wrote it has finished. Only this process's own looks count,
 * by a clock that does not jump: a modification time is the writer's to set, or a file server's, and tells no age.
 */
export class Settling {
  readonly #settleMs: number;
  readonly #sightings = new Map<string, Sighting>();
  /** By who looked before this one, until a file is met here. */
  readonly #earlier: Map<string, Sighting>;

  constructor(settleMs: number, earlier: readonly EarlierSighting[] = []) {
    this.#settleMs = settleMs;
    const behindMs = performance.now() - processMs();
    this.#earlier = new Map(
      earlier.map(({ path, sinceMs, ...sighting }) => [path, { ...sighting, sinceMs: sinceMs + behindMs }]),
    );
  }

  /** What it goes by, for who looks after this one: at most so many. */
  sightings(most: number): EarlierSighting[] {
    const aheadMs = processMs() - performance.now();
    return [...this.#sightings]
      .slice(0, most)
      .map(([path, { sinceMs, ...sighting }]) => ({ path, ...sighting, sinceMs: sinceMs + aheadMs }));
  }

  /** How it was when it was last looked at. */
  seenIn(path: string): FileVersion | undefined {
    return this.#sightings.get(path)?.version;
  }

  /** When it was met first, in milliseconds since 1970. */
  discoveredMs(path: string): number | undefined {
    return this.#sightings.get(path)?.discoveredMs;
  }

  /** Milliseconds until the file is settled, if it stays as it is; 0 when it is. */
  remainingMs(path: string, version: FileVersion): number {
    const now = performance.now();
    const earlier = this.#sightings.get(path) ?? this.#earlier.get(path);
    this.#earlier.delete(path);
    const sighting =
      earlier !== undefined && isUntouched(earlier.version, version)
        ? earlier
        : { version, sinceMs: now, discoveredMs: earlier?.discoveredMs ?? Date.now() };
    this.#sightings.set(path, sighting);
    return Math.max(0, sighting.sinceMs + this.#settleMs - now);
  }

  retain(paths: ReadonlySet<string>): void {
    for (const path of this.#sightings.keys()) if (!paths.has(path)) this.#sightings.delete(path);
  }
}
