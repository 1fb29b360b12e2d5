import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaBroker, KafkaCluster } from '../../../scripts/stack/cluster.ts';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { API, type Gate } from '../kafka-proxy.ts';
import { allInSync } from '../kills/broker-kills.ts';
import { moveLeaders } from '../move-leaders.ts';
import { between } from '../random.ts';
import { Barrier, OPEN, Strike } from '../switch-gate.ts';
import { Trial } from '../trial.ts';

const ROWS_PER_FILE = 60_000;
/** Past the brokers' session timeout of three seconds: the others take its partitions over. */
const PAUSE_MS = 6000;
const MOVES = 10;
const MOVE_EVERY_MS = 300;
const AWAY_MS = 15_000;
const LONG_AWAY_MS = 300_000;
/** For the brokers to write the markers of the commit before. */
const MARKERS_MS = 1000;
/** What a worker may take more than it had when the brokers went, in megabytes: what it reads ahead is bounded. */
const MAX_GROWTH_MB = 150;

export const BROKER_FAULTS: readonly Fault[] = [
  {
    name: 'broker-kill',
    doc: 'SIGKILL of one broker of three in the middle of a load, and its return',
    brokers: 3,
    times: 2,
    play: (ground) => playOnBrokers(ground, ground.wishes.times, (trial) => killOne(ground, trial)),
  },
  {
    name: 'broker-rolling',
    doc: 'SIGKILL of each of three brokers in turn, as in a bad rolling restart',
    brokers: 3,
    play: (ground) =>
      playOnBrokers(ground, ground.wishes.times, async (trial) => {
        for (const broker of clusterOf(ground).brokers) await killAndStart(ground, trial, broker);
      }),
  },
  {
    name: 'broker-pause',
    doc: 'SIGSTOP of one broker of three until the others have taken over, then SIGCONT',
    brokers: 3,
    times: 2,
    play: (ground) => playOnBrokers(ground, ground.wishes.times, () => pauseOne(ground)),
  },
  {
    name: 'leader-move',
    doc: 'the partitions get other leaders every 300 ms',
    brokers: 3,
    play: (ground) => playOnBrokers(ground, ground.wishes.times, (trial) => moveAll(ground, trial)),
  },
  {
    name: 'brokers-away',
    doc: 'no broker for 15 s in the middle of a load',
    brokers: 1,
    play: (ground) => playAway(ground, AWAY_MS),
  },
  {
    name: 'brokers-long-away',
    doc: 'no broker for five minutes in the middle of a load; memory stays bounded',
    brokers: 3,
    long: true,
    play: (ground) => playAway(ground, LONG_AWAY_MS),
  },
];

function clusterOf({ cluster }: Ground): KafkaCluster {
  if (cluster === null) throw new Error('brokers that others use must not come to harm');
  return cluster;
}

/** A file for each time; while it is loaded something happens to the brokers, and it arrives whole nonetheless. */
async function playOnBrokers(
  ground: Ground,
  times: number,
  act: (trial: Trial) => Promise<void>,
): Promise<Outcome> {
  const trial = await Trial.begin(ground, {
    rows: ROWS_PER_FILE * times,
    files: times,
    staged: true,
    feed: { 'transaction.boundary': 'poll' },
  });
  try {
    const daemon = trial.start();
    for (const file of trial.load.files) {
      await allInSync(ground.proxies.behind, topicsOf(trial));
      const slow = new Strike('request', API.endTxn, 2, () => {});
      ground.gate.current = slowed(slow);
      await trial.load.drop(file);
      await slow.struck.promise;
      await act(trial);
      ground.gate.current = OPEN;
      await trial.delivered(daemon);
    }
    return await trial.finish(daemon, [['played', times]]);
  } finally {
    await trial.close();
    ground.gate.current = OPEN;
  }
}

/** Every commit takes a moment, so that the load goes on while brokers come and go. */
function slowed(gate: Gate): Gate {
  return {
    pass: (direction, apiKey, link, frame) => {
      gate.pass(direction, apiKey, link, frame);
      if (direction === 'request' && apiKey === API.endTxn) return delay(MOVE_EVERY_MS);
    },
  };
}

function topicsOf({ load }: Trial): string[] {
  return [load.topic, load.deadLetterTopic, '__transaction_state'];
}

async function killOne(ground: Ground, trial: Trial): Promise<void> {
  const { brokers } = clusterOf(ground);
  await killAndStart(ground, trial, brokers[Math.floor(ground.random() * brokers.length)] as KafkaBroker);
}

async function killAndStart(ground: Ground, trial: Trial, broker: KafkaBroker): Promise<void> {
  await allInSync(ground.proxies.behind, topicsOf(trial));
  await delay(between(ground.random, 0, 500));
  await broker.kill();
  ground.say(`broker ${broker.id} killed`);
  await delay(between(ground.random, 0, 5000));
  await broker.start();
}

async function pauseOne(ground: Ground): Promise<void> {
  const { brokers } = clusterOf(ground);
  const broker = brokers[Math.floor(ground.random() * brokers.length)] as KafkaBroker;
  broker.pause();
  ground.say(`broker ${broker.id} paused`);
  await delay(PAUSE_MS);
  broker.unpause();
}

async function moveAll({ proxies, random, say }: Ground, { load }: Trial): Promise<void> {
  for (let move = 1; move <= MOVES; move++) {
    const moved = await moveLeaders(proxies.behind, load.topic, random);
    say(`move ${move}: ${moved} partitions have other leaders`);
    await delay(MOVE_EVERY_MS);
  }
}

/** All brokers are killed while no commit is under way, and come back; the load goes on by itself. */
async function playAway(ground: Ground, awayMs: number): Promise<Outcome> {
  const { gate, say, wishes } = ground;
  const { brokers } = clusterOf(ground);
  const trial = await Trial.begin(ground, { rows: wishes.rows });
  try {
    const daemon = trial.start();
    await awayBetweenCommits(gate);
    await Promise.all(brokers.map((broker) => broker.kill()));
    gate.current = OPEN;
    say('the brokers are gone');
    const memory = await watchMemory(daemon, awayMs);
    say('the brokers come back');
    const began = performance.now();
    await Promise.all(brokers.map((broker) => broker.start()));
    await trial.delivered(daemon);
    const seconds = Math.round((performance.now() - began) / 1000);
    const growth = memory.mostMb - memory.firstMb;
    const wrong = growth > MAX_GROWTH_MB ? [`memory grew by ${growth} MB while the brokers were away`] : [];
    return await trial.finish(
      daemon,
      [
        ['brokers away, seconds', awayMs / 1000],
        ['memory when they went, MB', memory.firstMb],
        ['most memory while away, MB', memory.mostMb],
        ['memory when they came back, MB', memory.lastMb],
        ['all delivered after their return, seconds', seconds],
      ],
      wrong,
    );
  } finally {
    await trial.close();
    gate.current = OPEN;
  }
}

/**
 * A single broker (Apache Kafka 4.3.1) that is killed between the answer to a commit and its markers forgets these when
 * it starts again, and hides the rows for ever; so do three that are killed at once.
 */
async function awayBetweenCommits(gate: Ground['gate']): Promise<void> {
  const barrier = new Barrier();
  const sends = new Strike('request', API.produce, 10, () => {
    gate.current = { pass: (direction) => (direction === 'request' ? barrier.wait() : undefined) };
    return barrier.wait();
  });
  gate.current = sends;
  await sends.struck.promise;
  await delay(MARKERS_MS);
}

async function watchMemory(daemon: HeadraceProcess, forMs: number) {
  const samples: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end; ) {
    samples.push(residentMb(daemon.pid));
    await delay(Math.min(1000, Math.max(0, end - performance.now())));
  }
  const [firstMb = 0, lastMb = 0] = [samples[0], samples.at(-1)];
  return { firstMb, lastMb, mostMb: Math.max(...samples) };
}

function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
