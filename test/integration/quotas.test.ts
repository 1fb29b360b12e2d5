import { expect, test } from 'vitest';
import { type ClientQuotas, setQuotas } from '../chaos/client-quotas.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
const TIMEOUT_MS = 90_000;
/** Less than a broker that throttles is silent. */
const REQUEST_TIMEOUT_MS = 1000;

/** A feed whose client has quotas of its own on the broker. */
async function throttledFeed(quotas: ClientQuotas): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('quota'));
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    'client.id': folder.name,
    'request.timeout.ms': String(REQUEST_TIMEOUT_MS),
  });
  await folder.feed();
  await setQuotas(bootstrapServers, folder.name, quotas);
  return folder;
}

const rowsOf = (count: number) =>
  `symbol,price\n${Array.from({ length: count }, (_, index) => `S${index},${index}\n`).join('')}`;

const restarts = ({ lines }: HeadraceProcess) => lines.filter(({ msg }) => msg === 'task restarting');
const warnings = ({ lines }: HeadraceProcess) =>
  lines.filter(({ msg, level }) => msg === 'throttled by a quota of Kafka' && level === 40);

/** With the request of which a broker says first that it was too much; the time that it takes may be any request's. */
test.for<[ClientQuotas, number, RegExp]>([
  [{ producer_byte_rate: 50_000 }, 15_000, /^Produce$/],
  [{ request_percentage: 0.3 }, 9_000, /^\w+$/],
])(
  'with %j a feed goes on at the pace that is allowed, and says so once',
  { timeout: TIMEOUT_MS },
  async ([quotas, rows, api]) => {
    const folder = await throttledFeed(quotas);
    await folder.write('drop/a.csv', rowsOf(rows));
    const daemon = folder.start();
    await daemon.waitFor('file completed', TIMEOUT_MS);
    expect(restarts(daemon)).toEqual([]);
    expect(warnings(daemon)).toMatchObject([
      { api: expect.stringMatching(api), throttleMs: expect.any(Number) },
    ]);
    expect(new Set(await valuesIn(bootstrapServers, folder.name)).size).toBe(rows);
  },
);
