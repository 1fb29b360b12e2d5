import { readdirSync } from 'node:fs';
import { release, watch } from '../../scripts/stack/guard.ts';
import { endProcess } from '../../scripts/stack/processes.ts';
import { readProc, statFields } from './proc.ts';

const SAMPLE_MS = 20;
/** Looking for new processes costs more than reading the sizes of those that are known. */
const SAMPLES_BETWEEN_LOOKS = 10;
/** Among `statFields`. */
const PARENT = 1;

/**
 * Watches everything below a process. Its memory: the largest sum, over time, of each process's own peak. The peak
 * is the system's (VmHWM), so nothing between two samples is missed but the growth after the last one.
 * What `getrusage` tells would not do: it begins with the size of the process that forked.
 */
export class ProcessWatch {
  readonly #root: number;
  readonly #timer: NodeJS.Timeout;
  #below: readonly number[] = [];
  #samples = 0;
  #peakBytes: number | null = null;

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** Ends the watch and gives the peak; null when nothing was seen. */
  stop(): number | null {
    clearInterval(this.#timer);
    this.#watchOver([]);
    return this.#peakBytes;
  }

  /** Ends what it watches. */
  endAll(): void {
    for (const pid of descendants(this.#root)) endProcess(pid);
  }

  #sample(): void {
    if (this.#below.length === 0 || this.#samples++ % SAMPLES_BETWEEN_LOOKS === 0) {
      this.#watchOver(descendants(this.#root));
    }
    const bytes = this.#below.reduce((sum, pid) => sum + peakOf(pid), 0);
    if (bytes > 0) this.#peakBytes = Math.max(this.#peakBytes ?? 0, bytes);
  }

  /** The guard ends them should the benchmark die: a loader waits for its broker for ever. */
  #watchOver(pids: readonly number[]): void {
    for (const pid of this.#below) if (!pids.includes(pid)) release({ kind: 'process', id: String(pid) });
    for (const pid of pids) if (!this.#below.includes(pid)) watch({ kind: 'process', id: String(pid) });
    this.#below = pids;
  }
}

function peakOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function descendants(root: number): number[] {
  const parents = allParents();
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

/** The parent of each process. */
function allParents(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const pid of processIds()) {
    parents.set(pid, Number(statFields(pid)[PARENT]));
  }
  return parents;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
