import type { DataSet } from './data/data-set.ts';
import { type Load, load } from './load.ts';
import { median } from './measure/median.ts';
import type { Target } from './targets/target.ts';
import type { Cluster } from './topics.ts';

/** What a target needs for a file: medians of all rounds. */
export interface Result {
  readonly target: string;
  readonly rowsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly rowsPerCpuSecond: number;
  readonly cpuMicrosPerRow: number;
  /** Without what it takes to load a file of one row. */
  readonly steadyMicrosPerRow: number;
  /** Startup included; null where they are not counted. */
  readonly instructionsPerRow: number | null;
  readonly peakRssBytes: number | null;
  readonly loadMs: number;
  readonly wallMs: number;
  readonly startup: Pick<Load, 'wallMs' | 'cpuMs'>;
  readonly records: number;
  /** null where nobody sees what the brokers do. */
  readonly brokerCpuMs: number | null;
  readonly recordBytes: number | null;
}

export interface ContestOptions {
  readonly data: DataSet;
  /** The same columns and one row: what is left is the cost of starting. */
  readonly oneRow: DataSet;
  readonly cluster: Cluster;
  readonly rounds: number;
  readonly tell: (words: string) => void;
}

/**
 * Every target in turn, round after round, so that a machine that slows down slows all of them; every second round the
 * other way round, as a broker compiles itself anew for another kind of request, and who comes next gains by it. A round
 * before the first does not count.
 */
export async function contest(targets: readonly Target[], options: ContestOptions): Promise<Result[]> {
  const { data, oneRow, cluster, rounds, tell } = options;
  // A broker that has just started compiles itself under the first loads.
  for (const target of targets) await load(target, data, cluster);
  const startups = new Map<Target, Load>();
  for (const target of targets) startups.set(target, await load(target, oneRow, cluster));
  const loads = new Map<Target, Load[]>(targets.map((target) => [target, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const target of round % 2 === 1 ? targets : targets.toReversed()) {
      const one = await load(target, data, cluster);
      loads.get(target)?.push(one);
      tell(`round ${round} of ${rounds}: ${target.name} took ${Math.round(one.cpuMs)} ms of CPU`);
    }
  }
  return targets.map((target) =>
    resultOf(target, data, loads.get(target) ?? [], startups.get(target) as Load),
  );
}

function resultOf(target: Target, { rows, bytes }: DataSet, loads: readonly Load[], startup: Load): Result {
  const of = (field: 'loadMs' | 'wallMs' | 'cpuMs') => median(loads.map((each) => each[field]));
  const cpuMs = of('cpuMs');
  const loadMs = of('loadMs');
  const counted = (field: 'peakRssBytes' | 'instructions' | 'brokerCpuMs' | 'recordBytes') => {
    const values = loads.map((each) => each[field]).filter((value) => value !== null);
    return values.length === 0 ? null : median(values);
  };
  const instructions = counted('instructions');
  return {
    target: target.name,
    rowsPerSecond: rows / (loadMs / 1000),
    bytesPerSecond: bytes / (loadMs / 1000),
    rowsPerCpuSecond: rows / (cpuMs / 1000),
    cpuMicrosPerRow: (cpuMs * 1000) / rows,
    steadyMicrosPerRow: ((cpuMs - startup.cpuMs) * 1000) / rows,
    instructionsPerRow: instructions === null ? null : instructions / rows,
    peakRssBytes: counted('peakRssBytes'),
    loadMs,
    wallMs: of('wallMs'),
    startup,
    records: loads[0]?.records ?? 0,
    brokerCpuMs: counted('brokerCpuMs'),
    recordBytes: counted('recordBytes'),
  };
}
