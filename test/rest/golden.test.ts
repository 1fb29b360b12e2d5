import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { type Exchange, recordedExchanges } from './exchange.ts';
import { type RestDaemon, startRestDaemon } from './rest-daemon.ts';

const exchanges = recordedExchanges();

/** What a recorded answer is when Headrace gives it: its own names, versions and configurations in the same places. */
function asOurs(body: string, ours: Readonly<Record<string, unknown>>): string {
  if (!/^[[{]/.test(body)) return body;
  const revived = JSON.parse(body, (key, value) => (key in ours ? ours[key] : value));
  return JSON.stringify(revived);
}

async function answerOf({ url }: RestDaemon, { method, path, headers, requestBody }: Exchange) {
  const response = await fetch(url + path, { method, headers, body: requestBody });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    body: await response.text(),
  };
}

/** Configurations are shown as they were written, whatever order Kafka Connect has. */
function withoutConfigs(body: string): string {
  if (!/^[[{]/.test(body)) return body;
  const shown = JSON.parse(body, (key, value) => (key === 'config' ? '…' : value));
  return JSON.stringify(Object.keys(shown).includes('connector.class') ? '…' : shown);
}

test('what is read is answered as Kafka Connect does: status, type and body', async () => {
  const rest = await startRestDaemon(
    [
      { name: 'gsnk', 'input.path': './empty' },
      { name: 'gsrc', 'input.path': './other' },
    ],
    { 'empty/.keep': '', 'other/.keep': '' },
  );
  await rest.daemon.waitFor('worker started');
  const clusterId = async () => ((await rest.json('/')) as { kafka_cluster_id: string }).kafka_cluster_id;
  await expect.poll(clusterId).toMatch(/^[\w-]{22}$/);
  const ours = {
    worker_id: new URL(rest.url).host,
    version: packageJson.version,
    kafka_cluster_id: await clusterId(),
    commit: 'unknown',
    type: 'source',
  };
  const isElsewhere = ({ path }: Exchange) => /gfail|^.(connector-plugins|admin)/.test(path);
  for (const exchange of exchanges.filter((one) => !isElsewhere(one))) {
    const answer = await answerOf(rest, exchange);
    expect(answer.status, exchange.title).toBe(exchange.status);
    expect(withoutConfigs(answer.body), exchange.title).toBe(withoutConfigs(asOurs(exchange.body, ours)));
    if (exchange.contentType !== null) expect(answer.contentType, exchange.title).toBe(exchange.contentType);
  }
});

test('a failed task is told of as Kafka Connect does, in place of the trace the reason', async () => {
  const rest = await startRestDaemon(
    [{ name: 'gfail', 'errors.tolerance': 'none', 'errors.deadletterqueue.topic.name': null }],
    { 'drop/bad.csv': 'symbol,price\nBHP,x\n' },
  );
  const { error } = await rest.daemon.waitFor('task failed');
  const { code, message } = error as { code: string; message: string };
  const ours = {
    worker_id: new URL(rest.url).host,
    version: packageJson.version,
    trace: `${code}: ${message}`,
  };
  const failures = exchanges.filter(({ path }) => path.includes('gfail'));
  expect(failures).toHaveLength(2);
  for (const exchange of failures) {
    expect(await answerOf(rest, exchange), exchange.title).toEqual({
      status: exchange.status,
      contentType: exchange.contentType,
      body: asOurs(exchange.body, ours),
    });
  }
});
