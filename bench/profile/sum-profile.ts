import { STAGE_OF_SCRIPT, STAGE_OF_STATE, type Stage } from './stages.ts';

/** https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile, as `node --cpu-prof` writes it. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node that was on top at each sample. */
  readonly samples: readonly number[];
  /** Microseconds from the sample before to this one. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

export interface ProfileSum {
  /** Microseconds. */
  readonly stages: ReadonlyMap<Stage, number>;
  /** Microseconds on top of the stack, by script. */
  readonly scripts: ReadonlyMap<string, number>;
}

/** Whether one of the profile's frames is of a script whose address holds `part`. */
export function hasScript(profile: CpuProfile, part: string): boolean {
  return profile.nodes.some(({ callFrame }) => callFrame.url.includes(part));
}

/** The time of each stage. A sample belongs to the frame nearest to the top whose script has a stage. */
export function sumProfile({ nodes, samples, timeDeltas }: CpuProfile): ProfileSum {
  const stageOf = stagesByNode(nodes);
  const scriptOf = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.url || callFrame.functionName]));
  const stages = new Map<Stage, number>();
  const scripts = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const micros = Math.max(0, timeDeltas[index + 1] ?? 0);
    add(stages, stageOf.get(id) ?? 'other', micros);
    add(scripts, scriptOf.get(id) ?? '', micros);
  }
  return { stages, scripts };
}

function add<K>(sums: Map<K, number>, key: K, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function stagesByNode(nodes: readonly ProfileNode[]): Map<number, Stage> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stages = new Map<number, Stage>();
  const queue: [ProfileNode, Stage][] = nodes.slice(0, 1).map((root) => [root, 'other']);
  for (const [node, ofCaller] of queue) {
    // Whatever runs while modules are loaded is startup, also what belongs to a stage later.
    const stage = ofCaller === 'startup' ? ofCaller : (ownStage(node) ?? ofCaller);
    stages.set(node.id, stage);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child !== undefined) queue.push([child, stage]);
    }
  }
  return stages;
}

function ownStage({ callFrame: { url, functionName } }: ProfileNode): Stage | null {
  if (url === '') return STAGE_OF_STATE[functionName] ?? null;
  return STAGE_OF_SCRIPT.find(([script]) => script.test(url))?.[1] ?? null;
}
