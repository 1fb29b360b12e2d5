import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError } from '../bench-error.ts';
import type { DataSet } from '../data/data-set.ts';
import type { BenchFeed } from '../feeds/feed.ts';
import { load } from '../load.ts';
import type { Section } from '../report/section.ts';
import { micros, percent } from '../report/units.ts';
import { ours } from '../targets/ours.ts';
import type { Cluster } from '../topics.ts';
import { STAGES } from './stages.ts';
import { type CpuProfile, hasScript, type ProfileSum, sumProfile } from './sum-profile.ts';

const SHOWN_SCRIPTS = 12;

/**
 * Loads the file once more with V8's profiler on, and tells where the time of the task's thread went.
 *
 * @param tell is told where the profile itself is
 */
export async function profileTask(
  feed: BenchFeed,
  main: string,
  data: DataSet,
  cluster: Cluster,
  tell: (words: string) => void,
): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-bench-profile-'));
  await load(ours({ feed, main, nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${folder}`] }), data, cluster);
  const { path, profile } = await taskProfile(folder);
  tell(`the profile is ${path}`);
  return profileSection(feed, data.rows, sumProfile(profile));
}

/** Node writes a profile for each thread. */
async function taskProfile(folder: string): Promise<{ path: string; profile: CpuProfile }> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const profile = JSON.parse(await readFile(path, 'utf8')) as CpuProfile;
    if (hasScript(profile, '/task-thread.')) return { path, profile };
  }
  throw new BenchError(`no profile in ${folder} is of a task's thread`);
}

function profileSection(feed: BenchFeed, rows: number, { stages, scripts }: ProfileSum): Section {
  const timeOf = (stage: (typeof STAGES)[number]) => stages.get(stage) ?? 0;
  const busy = STAGES.reduce((sum, stage) => sum + timeOf(stage), 0) - timeOf('idle');
  const line = (name: string, time: number) => [name, percent(time / busy), micros(time / rows)];
  const top = [...scripts].filter(([script]) => script !== '(idle)').sort(([, a], [, b]) => b - a);
  return {
    title: `Profile of feed ${feed.name}`,
    notes: ["The task's thread alone, startup included; shares are of its busy time."],
    header: ['stage', 'share', 'µs/row'],
    rows: [
      ...STAGES.map((stage) => line(stage, timeOf(stage))),
      ['', '', ''],
      ...top.slice(0, SHOWN_SCRIPTS).map(([script, time]) => line(shortName(script), time)),
    ],
  };
}

/** The last parts of an address say which script it is. */
function shortName(script: string): string {
  return script.startsWith('file:')
    ? script.split('/').slice(-3).join('/')
    : script.slice(0, 40) || '(native)';
}
