import { expect, test } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import { goodFeed } from '../../../src/rest/plugins/feed-check.ts';
import { FEED } from './feed.ts';

const worker = parseWorkerConfig(entriesOf({ 'bootstrap.servers': 'localhost:9092' }, 'worker'), {})
  .config as WorkerConfig;

async function refusal(config: Readonly<Record<string, string>>): Promise<string[]> {
  const error = await goodFeed(config, worker).catch((thrown) => thrown);
  expect(error).toMatchObject({ statusCode: 400 });
  const [first = '', ...rest] = String(error.message).split('\n');
  if (rest.length === 0) return [first];
  const errors = rest.slice(0, -1);
  expect(first).toBe(
    `Connector configuration is invalid and contains the following ${errors.length} error(s):`,
  );
  return errors;
}

test('a configuration that is right gives its entries', async () => {
  expect([...(await goodFeed(FEED, worker)).entries.entries.keys()]).toEqual(Object.keys(FEED));
});

test('every mistake is told in the words of Kafka Connect', async () => {
  const { 'input.path': _, ...rest } = FEED;
  const wrong = { ...rest, 'tasks.max': 'x', 'errors.tolerance': 'some', 'sasl.pasword': 'hunter2' };
  expect(await refusal(wrong)).toEqual([
    'Invalid value some for configuration errors.tolerance: expected one of none, all, got "some"',
    'Missing required configuration "input.path" which has no default value.',
    'Configuration is not defined: sasl.pasword',
    'Invalid value x for configuration tasks.max: expected a whole number, zero or more, got "x"',
  ]);
});

test('a name that is empty or has control characters is told of', async () => {
  expect(await refusal({ ...FEED, name: '' })).toEqual([
    'Invalid value  for configuration name: String may not be empty',
  ]);
  expect(await refusal({ ...FEED, name: 'a\tb' })).toEqual([
    'Invalid value a\tb for configuration name: expected a name without control characters, got "a\\tb"',
  ]);
});

test('without a connector, or with one that there is not, nothing else is told, nor any value', async () => {
  expect(await refusal({ name: 'a', 'some.password': 'hunter2' })).toEqual([
    'Connector config {name, some.password} contains no connector type',
  ]);
  expect(await refusal({ ...FEED, 'connector.class': 'no.such.Connector' })).toEqual([
    'Failed to find any class that implements Connector and which name matches no.such.Connector, ' +
      'available connectors are: azure-blob, directory, gcs, local, s3, sftp',
  ]);
});
