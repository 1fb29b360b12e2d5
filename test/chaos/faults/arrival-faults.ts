import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileStatus } from '../../../src/offsets/file-status.ts';
import { headrace } from '../../cli/support/run-command.ts';
import { ArrivingFiles } from '../folder/arrivals/arriving-files.ts';
import { WAYS } from '../folder/arrivals/ways.ts';
import { FolderTrial } from '../folder/folder-trial.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { between } from '../random.ts';
import { withTrial } from './folder-faults.ts';

const KILLS = 10;
/** So that each way comes about ten times. */
const FILES_PER_KILL = 20;
/** How long the files of one kill take to come. */
const SPREAD_MS = 6_000;
const PUT_AWAY_MS = 120_000;

const FEED = {
  'connector.class': 'directory',
  'input.path': './drop',
  'input.file.pattern': '*.csv{,.gz}',
  'finished.path': './done',
  'error.path': './failed',
  'settle.ms': 1500,
  'scan.interval.ms': 300,
  'tasks.max': 2,
};

export const ARRIVAL_FAULTS: readonly Fault[] = [
  {
    name: 'arrivals',
    doc: `${KILLS * FILES_PER_KILL} files come in all the ways that people and tools have, with ${KILLS} kills (--kills N: of the worker, and ${FILES_PER_KILL} files each)`,
    times: KILLS,
    play: playArrivals,
  },
];

async function playArrivals(ground: Ground): Promise<Outcome> {
  const files = new ArrivingFiles(ground.folder, ground.random);
  await files.make();
  const trial = await FolderTrial.watching(ground, files, { feed: FEED, env: {} });
  const outcome = await withTrial(trial, () => playComings(trial, files, ground));
  const wrong = [...(await wrongStates(files, ground)), ...readTwice(ground)];
  return { ...outcome, wrong: [...outcome.wrong, ...wrong] };
}

async function playComings(
  trial: FolderTrial<ArrivingFiles>,
  files: ArrivingFiles,
  ground: Ground,
): Promise<Outcome> {
  trial.start();
  const comings = Promise.all(arrivals(files, ground));
  // What goes wrong while files come is told once the kills are over.
  comings.catch(() => {});
  for (let kill = 1; kill <= ground.wishes.times; kill++) {
    await delay(between(ground.random, 0.3, 1.7) * SPREAD_MS);
    await trial.kill();
    trial.start();
    ground.say(`kill ${kill}`);
  }
  await comings;
  await trial.delivered();
  return await trial.finish([['files', files.expected.size]], await putAway(files));
}

function arrivals(files: ArrivingFiles, { random, wishes, folder }: Ground): Promise<void>[] {
  const ways = Object.entries(WAYS);
  return Array.from({ length: wishes.times * FILES_PER_KILL }, async (_, index) => {
    const [way, arrive] = ways[index % ways.length] as (typeof ways)[number];
    await delay(between(random, 0, wishes.times * SPREAD_MS));
    appendFileSync(join(folder, 'arrivals.log'), `f${index} comes ${way}\n`);
    await arrive(files, `f${index}`);
  });
}

/** Waits until each file is in its folder; what is not in the end. */
async function putAway(files: ArrivingFiles): Promise<string[]> {
  const giveUpAt = performance.now() + PUT_AWAY_MS;
  for (let misplaced = await files.misplaced(); ; misplaced = await files.misplaced()) {
    if (misplaced.length === 0 || performance.now() > giveUpAt) return misplaced;
    await delay(200);
  }
}

/** What is said of the files once the worker has ended, as whoever starts it again is told. */
async function wrongStates(files: ArrivingFiles, { name, folder }: Ground): Promise<string[]> {
  const { stdout } = await headrace(['files', 'list', name, '--worker', 'worker.yaml', '--json'], {
    cwd: folder,
  });
  const told = new Map((JSON.parse(stdout).files as readonly FileStatus[]).map((file) => [file.file, file]));
  return [...files.expected].flatMap(([path, { states, rows }]) => {
    const { state = 'unknown', rows: counts } = told.get(path) ?? {};
    if (states.includes(state) && (rows === null || counts?.read === rows)) return [];
    return [
      `${JSON.stringify(path)} is ${state} with ${counts?.read} rows, not ${states.join(' or ')} with ${rows ?? 'any'}`,
    ];
  });
}

/** What was completed under a path is not read again. */
function readTwice({ folder }: Ground): string[] {
  const reading = new Map<string, string>();
  const completed = new Set<string>();
  const twice = new Set<string>();
  for (const text of readFileSync(join(folder, 'daemon.log'), 'utf8').split('\n')) {
    if (!text.startsWith('{')) continue;
    const { msg, file, generation } = JSON.parse(text) as { msg: string; file: string; generation: string };
    const content = `${file} ${generation}`;
    if (msg === 'file reading') reading.set(file, content);
    if (msg === 'file reading' && completed.has(content)) twice.add(file);
    if (msg === 'file completed') completed.add(reading.get(file) ?? '');
  }
  return [...twice].map((path) => `${JSON.stringify(path)} was read again after it was completed`);
}
