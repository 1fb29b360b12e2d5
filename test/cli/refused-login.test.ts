import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { SharedGuardedKafka } from '../support/guarded-kafka.ts';
import { sharedServer } from '../support/stack.ts';
import { headrace } from './support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'headrace-refused-'));
const FEED = {
  name: 'trades',
  'connector.class': 'local',
  'input.path': 'trades.csv',
  transforms: 'parse,route',
  'transforms.parse.type': 'csv',
  'transforms.route.type': 'route',
  'transforms.route.topic': 'trades',
};

beforeAll(async () => {
  const { address } = await sharedServer<SharedGuardedKafka>('guardedKafka');
  const login = 'PlainLoginModule required username="ann" password="hunter2";';
  const worker = {
    'bootstrap.servers': address.LOGIN,
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.jaas.config': login,
  };
  writeFileSync(join(folder, 'trades.csv'), 'symbol,price\nBHP,1\n');
  writeFileSync(join(folder, 'feed.yaml'), JSON.stringify(FEED));
  writeFileSync(join(folder, 'worker.yaml'), JSON.stringify(worker));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  'run feed.yaml --worker worker.yaml',
  'doctor feed.yaml --worker worker.yaml',
  'validate feed.yaml --worker worker.yaml --probe',
])('a password that Kafka refuses ends "%s" with one line that says what to mend', async (line) => {
  const { code, stdout, stderr } = await headrace(line.split(' '), { cwd: folder });
  const told = (stdout + stderr).split('\n').filter((one) => one.includes('Invalid username or password'));
  expect(told).toEqual([
    expect.stringMatching(
      /Connecting to 127\.0\.0\.1:\d+ failed: .* See that sasl\.mechanism and sasl\.jaas\.config fit/,
    ),
  ]);
  expect(stdout + stderr).not.toMatch(/hunter2|^ {4}at /m);
  expect(code).toBe(4);
});
