import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { vendorFiles } from '../../scripts/docs/vendor-files.ts';
import { RunningFeed } from '../feeds/running-feed.ts';
import { recordsIn } from '../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';

const { bootstrapServers } = await sharedKafka();
const folder = mkdtempSync(join(tmpdir(), 'headrace-vendors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = vendorFiles();
const prefix = uniqueName('vendors');

/** The feed beside its file, under a name and a topic that no other test has. */
function placed({ name, path, feedPath }: (typeof files)[number]): string {
  const place = join(folder, name);
  mkdirSync(place);
  copyFileSync(path, join(place, basename(path)));
  const feed = readFileSync(feedPath, 'utf8')
    .replace(`name: ${name}`, `name: ${prefix}-${name}`)
    .replace(`topic: ${name}`, `topic: ${prefix}-${name}`);
  writeFileSync(join(place, 'feed.yaml'), `${feed}topic.creation.default.partitions: 1\n`);
  return join(place, 'feed.yaml');
}

/** Rejects as soon as a task has failed. */
async function failed(running: RunningFeed): Promise<never> {
  throw new Error(JSON.stringify(await running.line('task failed')));
}

test('One worker loads all kinds of files into Kafka, each as it should be', {
  timeout: 120_000,
}, async () => {
  const running = new RunningFeed(files.map(placed), bootstrapServers);
  await Promise.race([running.linesOf('file completed', files.length), failed(running)]);
  expect(await running.stop()).toBe(0);
  for (const { name, expected } of files) {
    const records = await recordsIn(bootstrapServers, `${prefix}-${name}`);
    expect(
      records.map(({ value }) => String(value)),
      name,
    ).toEqual(expected);
  }
});
