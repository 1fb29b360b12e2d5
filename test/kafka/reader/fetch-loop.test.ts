import { expect, test } from 'vitest';
import { fetchPieces } from '../../../src/kafka/reader/fetch-loop.ts';
import { NO_END, type Span } from '../../../src/kafka/reader/spans.ts';
import { batchOf, newTopic, startProducer, testClient } from '../support.ts';

const OPTIONS = { timeoutMs: 5000, log: () => {} };

/** The markers of what is read, null for batches of records, until a piece comes that holds nothing. */
function markersIn(spans: readonly Span[]): Promise<('abort' | 'commit' | null)[]> {
  return testClient().withConnection(async (connection) => {
    const seen: ('abort' | 'commit' | null)[] = [];
    for await (const { batches } of fetchPieces(connection, spans, OPTIONS)) {
      seen.push(...batches.map(({ marker }) => marker));
      if (batches.length === 0 && seen.length > 0) break;
    }
    return seen;
  });
}

async function abortedAndCommitted(topic: string): Promise<void> {
  const producer = await startProducer();
  for (const end of ['abort', 'commit'] as const) {
    producer.begin();
    await producer.send([{ topic, partition: 0, batch: batchOf(end) }]);
    await producer[end]();
  }
}

test('who reads without an end is given markers too, and breaks off when nothing more comes', async () => {
  const topic = await newTopic();
  await abortedAndCommitted(topic);
  const whole = { topic, partition: 0, offset: 0n, end: NO_END };
  await expect.poll(() => markersIn([whole])).toEqual([null, 'abort', null, 'commit']);
});

test('a span begins and ends where it says, as far as whole batches go', async () => {
  const topic = await newTopic();
  await abortedAndCommitted(topic);
  await expect
    .poll(() => markersIn([{ topic, partition: 0, offset: 2n, end: 4n }]))
    .toEqual([null, 'commit']);
  expect(await markersIn([{ topic, partition: 0, offset: 2n, end: 2n }])).toEqual([]);
});
