import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import { growTopic, remakeTopic, setMaxMessageBytes } from '../alter-topics.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { LogReader } from '../log-reader.ts';
import { between } from '../random.ts';
import type { TradesFile } from '../trades.ts';
import { TradesLoad } from '../trades-load.ts';
import { Trial } from '../trial.ts';

const BAD_EVERY = 1000;
const FIRST_PARTITIONS = 6;
const MAX_PARTITIONS = 12;
const REMADE = { rows: 30_000, files: 4 };
const GROWN = { rows: 200_000, files: 8 };
const RESIZED = { rows: 60_000, files: 6 };
const PAUSE_MS = 700;
/** What a task knows of topics is asked for again after so long. */
const OUTDATED_MS = 5500;
const PATIENCE_MS = 60_000;
/** Markers are written when a commit was answered already. */
const MARKERS_MS = 10_000;
const MARKERS_LOOK_MS = 100;
/** The largest record of a trade or a dead letter is smaller. */
const LEAST_BYTES = 2000;
const MOST_BYTES = 2_000_000;

export const TOPIC_CHANGE_FAULTS: readonly Fault[] = [
  {
    name: 'topic-remade',
    doc: 'a topic is deleted and made again with more or fewer partitions, and a file follows at once, or later',
    play: playRemade,
  },
  {
    name: 'topic-grown',
    doc: 'a topic is given more partitions while rows flow: they are used, without a restart',
    play: playGrown,
  },
  {
    name: 'message-bytes-changed',
    doc: 'max.message.bytes of the topics is lowered and raised while rows flow',
    play: playResized,
  },
];

async function playRemade(ground: Ground): Promise<Outcome> {
  const { random, say, proxies } = ground;
  const load = await prepare(ground, REMADE);
  const daemon = load.start({ built: ground.wishes.built });
  const idleAt = 1 + Math.floor(random() * (REMADE.files - 1));
  let partitions = FIRST_PARTITIONS;
  const wrong: string[] = [];
  try {
    for (const [index, file] of load.files.entries()) {
      if (index > 0) {
        partitions = otherNumber(random, partitions);
        say(`the topic is made again with ${partitions} partitions`);
        await remakeTopic(proxies.behind, load.topic, partitions);
        if (index === idleAt) await delay(OUTDATED_MS);
      }
      await load.drop(file);
      await completed(daemon, [file]);
      wrong.push(...(await faultsIn(load, partitions, [file])));
    }
    return await end(daemon, wrong, [['times made again', REMADE.files - 1]]);
  } finally {
    await daemon.kill();
  }
}

async function playGrown(ground: Ground): Promise<Outcome> {
  const { random, say, proxies } = ground;
  const load = await prepare(ground, GROWN);
  const daemon = load.start({ built: ground.wishes.built });
  const last = load.files.at(-1) as TradesFile;
  const growsAt = Math.floor(random() * (GROWN.files - 1));
  const partitions = Math.round(between(random, FIRST_PARTITIONS + 1, MAX_PARTITIONS));
  try {
    await daemon.waitFor('task running', PATIENCE_MS);
    for (const [index, file] of load.files.slice(0, -1).entries()) {
      await load.drop(file);
      await delay(between(random, 0, PAUSE_MS));
      if (index !== growsAt) continue;
      say(`the topic gets ${partitions} partitions`);
      await growTopic(proxies.behind, load.topic, partitions);
    }
    await delay(OUTDATED_MS);
    await load.drop(last);
    await completed(daemon, load.files);
    const wrong = await faultsIn(load, partitions, load.files);
    if (daemon.lines.some(({ msg }) => msg === 'task restarting')) wrong.push('the task was started again');
    if ((await rowsInNew(ground, load.topic, partitions)) === 0) wrong.push('no row is in a new partition');
    return await end(daemon, wrong, [['partitions', partitions]]);
  } finally {
    await daemon.kill();
  }
}

async function playResized(ground: Ground): Promise<Outcome> {
  const { random, say, proxies } = ground;
  const trial = await Trial.begin(ground, {
    ...RESIZED,
    staged: true,
    badEvery: BAD_EVERY,
    feed: { 'transaction.boundary': random() < 0.5 ? 'interval' : 'poll' },
  });
  try {
    const daemon = trial.start();
    await daemon.waitFor('task running', PATIENCE_MS);
    for (const [index, file] of trial.load.files.entries()) {
      const [low, high] = index % 2 === 1 ? [LEAST_BYTES, 10 * LEAST_BYTES] : [MOST_BYTES / 10, MOST_BYTES];
      const bytes = Math.round(between(random, low, high));
      say(`max.message.bytes is ${bytes}`);
      for (const topic of [trial.load.topic, trial.load.deadLetterTopic])
        await setMaxMessageBytes(proxies.behind, topic, bytes);
      await trial.load.drop(file);
      await delay(between(random, 0, PAUSE_MS));
    }
    await trial.delivered(daemon);
    return await trial.finish(daemon);
  } finally {
    await trial.close();
  }
}

function prepare(
  ground: Ground,
  size: { readonly rows: number; readonly files: number },
): Promise<TradesLoad> {
  const { proxies, folder, name, seed } = ground;
  return TradesLoad.prepare({
    bootstrapServers: proxies.bootstrapServers,
    readFrom: proxies.behind,
    folder,
    name,
    trades: { ...size, seed, badEvery: BAD_EVERY },
    worker: { 'request.timeout.ms': 5000 },
    feed: { 'errors.retry.delay.ms': 100, 'errors.retry.delay.max.ms': 2000 },
    staged: true,
  });
}

/** From one up, and not as many as before. */
function otherNumber(random: Random, before: number): number {
  const number = 1 + Math.floor(random() * (MAX_PARTITIONS - 1));
  return number < before ? number : number + 1;
}

async function completed(daemon: HeadraceProcess, files: readonly TradesFile[]): Promise<void> {
  for (const { name } of files) {
    const line = await daemon.waitFor(
      ({ msg, file }) => msg === 'task failed' || (msg === 'file completed' && file === name),
      PATIENCE_MS,
    );
    if (line.msg === 'task failed') throw new Error(`a task failed: ${JSON.stringify(line.error)}`);
  }
}

async function faultsIn(
  load: TradesLoad,
  partitions: number,
  files: readonly TradesFile[],
): Promise<string[]> {
  const until = performance.now() + MARKERS_MS;
  for (;;) {
    const { examples } = await load.checkChanged(partitions, files);
    if (examples.length === 0 || performance.now() > until) return [...examples];
    await delay(MARKERS_LOOK_MS);
  }
}

async function rowsInNew({ proxies }: Ground, topic: string, partitions: number): Promise<number> {
  const reader = await LogReader.open(proxies.behind, { [topic]: partitions }, 'read_committed');
  let rows = 0;
  await reader.readAll(({ partition }) => {
    if (partition >= FIRST_PARTITIONS) rows++;
  });
  reader.close();
  return rows;
}

async function end(
  daemon: HeadraceProcess,
  wrong: readonly string[],
  facts: Outcome['facts'],
): Promise<Outcome> {
  const code = await daemon.stop();
  const ended = code === 0 ? [] : [`the daemon ended with code ${code} when it was told to stop`];
  return { wrong: [...wrong, ...ended], facts };
}
