import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadPhase } from '../../src/load/load-progress.ts';
import { type KafkaBroker, type KafkaCluster, startKafka } from '../support/stack.ts';
import { LoadFolder, quotes } from './support.ts';

/** A broker of this file's own, which is ended. */
let kafka: KafkaCluster;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.stop());

const broker = () => kafka.brokers[0] as KafkaBroker;

/**
 * A folder whose job has loaded something already, so that its next load begins without a transaction of its own. A
 * single broker that is killed between the answer to a commit and the markers of it never writes them (Apache Kafka
 * 4.3.1), and whoever reads the topic waits for ever.
 */
async function loadedFolder(): Promise<LoadFolder> {
  const folder = await LoadFolder.make(kafka);
  await folder.load({ files: [await folder.write('first.csv', quotes(1))] });
  await setTimeout(MARKERS_WRITTEN_MS);
  return folder;
}

const MARKERS_WRITTEN_MS = 2_000;

/** Ends the broker at a load's first look at a file, before any of its rows is committed. */
function endBrokerOnceRead(phases: LoadPhase[]) {
  const ended = Promise.withResolvers<void>();
  let isEnded = false;
  const onProgress = ({ phase, file }: { phase: LoadPhase; file: string | null }) => {
    if (phases.at(-1) !== phase) phases.push(phase);
    if (file === null || isEnded) return;
    isEnded = true;
    broker().kill().then(ended.resolve, ended.reject);
  };
  return { ended: ended.promise, onProgress };
}

test('a broker that goes away under way is waited for, and the load goes on by itself', async () => {
  const folder = await loadedFolder();
  const file = await folder.write('a.csv', quotes(200_000));
  const phases: LoadPhase[] = [];
  const { ended, onProgress } = endBrokerOnceRead(phases);
  const loading = folder.load({ files: [file], onProgress });
  await ended;
  await broker().start();
  expect(await loading).toMatchObject({ state: 'COMPLETED', rows: 200_000, run: { rows: 200_000 } });
  expect(phases).toContain('WAITING');
  expect(new Set(await folder.values()).size).toBe(200_000);
}, 180_000);

test('a broker that stays away is given up, and the same call goes on when it is there again', async () => {
  const folder = await loadedFolder();
  const file = await folder.write('a.csv', quotes(200_000));
  const { ended, onProgress } = endBrokerOnceRead([]);
  const loading = folder.load({ files: [file], onProgress, patience: { outageMs: 500 } });
  await ended;
  expect(await loading).toMatchObject({ state: 'FAILED', error: { code: 'KAFKA_UNAVAILABLE' } });
  await broker().start();
  expect(await folder.load({ files: [file] })).toMatchObject({ state: 'COMPLETED', rows: 200_000 });
  expect(new Set(await folder.values()).size).toBe(200_000);
}, 180_000);
