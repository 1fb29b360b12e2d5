import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Placement } from '../../config/connector-config.ts';
import { labelsOf } from '../../config/define/labels.ts';

const LOOK_MS = 2_000;

/** What a worker must have to run a connector. That it sees the marker is a label like others, whose name no worker is given. */
export function wantedLabels(connector: string, { labels, marker }: Placement): ReadonlyMap<string, string> {
  return new Map([...labelsOf(labels), ...(marker === null ? [] : [markerLabel(connector, marker)])]);
}

function markerLabel(connector: string, marker: string): readonly [string, string] {
  return [`placement.marker of ${connector}`, basename(marker)];
}

/** Which markers this worker sees. Folders are mounted and go away while it runs, so it looks again and again. */
export class MarkerWatch {
  readonly #onChange: () => void;
  readonly #stop = new AbortController();
  /** By connector. */
  #markers: ReadonlyMap<string, string> = new Map();
  readonly #seen = new Set<string>();
  /** A mount that does not answer holds a thread of the process: one look for each of them, and no more until it ends. */
  readonly #looks = new Map<string, Promise<void>>();
  #looking: Promise<void> | null = null;

  /** @param onChange told when one has come or gone */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Of this worker, for those that it sees. */
  get labels(): ReadonlyMap<string, string> {
    const seen = [...this.#markers].filter(([, marker]) => this.#seen.has(marker));
    return new Map(seen.map(([connector, marker]) => markerLabel(connector, marker)));
  }

  /** Looks for the markers of these connectors from now on. Resolves when it has looked, or a mount does not answer. */
  async follow(placements: ReadonlyMap<string, Placement>): Promise<void> {
    const markers = new Map<string, string>();
    for (const [connector, { marker }] of placements) if (marker !== null) markers.set(connector, marker);
    this.#markers = markers;
    if (markers.size === 0) return;
    await this.#look();
    this.#looking ??= this.#lookAgain();
  }

  stop(): void {
    this.#stop.abort();
  }

  async #lookAgain(): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      await delay(LOOK_MS, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const before = this.labels;
      await this.#look();
      const now = this.labels;
      const isSame = now.size === before.size && [...now.keys()].every((name) => before.has(name));
      if (!isSame && !signal.aborted) this.#onChange();
    }
  }

  async #look(): Promise<void> {
    const looks = [...new Set(this.#markers.values())].map((marker) => this.#lookFor(marker));
    await Promise.race([Promise.all(looks), delay(LOOK_MS, undefined, { ref: false })]);
  }

  #lookFor(marker: string): Promise<void> {
    const under = this.#looks.get(marker);
    if (under !== undefined) return under;
    const look = access(marker)
      .then(
        () => void this.#seen.add(marker),
        () => void this.#seen.delete(marker),
      )
      .finally(() => this.#looks.delete(marker));
    this.#looks.set(marker, look);
    return look;
  }
}
