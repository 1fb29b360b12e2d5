import type { FileVersion } from '../file-version.ts';
import { isUntouched } from '../file-version.ts';

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

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
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
    const earlier = this.#sightings.get(path);
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
