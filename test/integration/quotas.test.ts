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
async function throttledFeed(quotas: ClientQuotas, feed: Record<string, string> = {}): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('quota'));
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    'client.id': folder.name,
    'offset.storage.topic': `${folder.name}.offsets`,
    'request.timeout.ms': String(REQUEST_TIMEOUT_MS),
  });
  await folder.feed(feed);
  await setQuotas(bootstrapServers, folder.name, quotas);
  return folder;
}

const rowsOf = (count: number) =>
  `symbol,price\n${Array.from({ length: count }, (_, index) => `S${index},${index}\n`).join('')}`;

const restarts = ({ lines }: HeadraceProcess) => lines.filter(({ msg }) => msg === 'task restarting');
const warnings = ({ lines }: HeadraceProcess) =>
  lines.filter(({ msg, level }) => msg === 'throttled by a quota of Kafka' && level === 40);

test.for<[ClientQuotas, Record<string, string>]>([
  [{ producer_byte_rate: 50_000 }, {}],
  [{ request_percentage: 0.3 }, {}],
])(
  'with %j a feed %j goes on at the pace that is allowed, and says so once',
  { timeout: TIMEOUT_MS },
  async ([quotas, options]) => {
    const folder = await throttledFeed(quotas, options);
    await folder.write('drop/a.csv', rowsOf(9_000));
    const daemon = folder.start();
    await daemon.waitFor('file completed', TIMEOUT_MS);
    expect(restarts(daemon)).toEqual([]);
    expect(warnings(daemon)).toMatchObject([{ api: 'Produce', throttleMs: expect.any(Number) }]);
    expect(new Set(await valuesIn(bootstrapServers, folder.name)).size).toBe(9_000);
  },
);
