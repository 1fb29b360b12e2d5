import type { FileVersion } from '../files/file-version.ts';
import { isSameVersion } from '../files/file-version.ts';

/**
 * Beyond this age a modification time alone is believed, at first sight. A file server's clock may well be some seconds
 * behind, and would make a file look quiet that is being written.
 */
const CLOCK_SKEW_MS = 60_000;

interface Sighting {
  readonly version: FileVersion;
  readonly sinceMs: number;
}

/** Tells when a file has not changed for so long that whoever wrote it has finished. */
export class Settling {
  readonly #settleMs: number;
  readonly #sightings = new Map<string, Sighting>();

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  has(path: string): boolean {
    return this.#sightings.has(path);
  }

  /** Milliseconds until the file is settled, if it stays as it is; 0 when it is. */
  remainingMs(path: string, version: FileVersion): number {
    const now = performance.now();
    const earlier = this.#sightings.get(path);
    const sighting =
      earlier !== undefined && isSameVersion(earlier.version, version) ? earlier : { version, sinceMs: now };
    this.#sightings.set(path, sighting);
    if (Date.now() - Number(version.mtimeNs / 1_000_000n) >= this.#settleMs + CLOCK_SKEW_MS) return 0;
    return Math.max(0, sighting.sinceMs + this.#settleMs - now);
  }

  retain(paths: ReadonlySet<string>): void {
    for (const path of this.#sightings.keys()) if (!paths.has(path)) this.#sightings.delete(path);
  }
}
