import { expect, test } from 'vitest';
import { TransactionalProducer } from '../../src/kafka/producer/transactional-producer.ts';
import { writeRecord } from '../../src/kafka/producer/write-record.ts';
import { clientOf, recordsIn } from '../integration/support/read-topic.ts';
import { LoadFolder, quotes } from './support.ts';

const OFFSETS = 'headrace-offsets';

/** Puts another value in the place of what is stored of the only file of the folder's job. */
async function store({ bootstrapServers, job }: LoadFolder, value: string): Promise<void> {
  const records = await recordsIn(bootstrapServers, OFFSETS);
  const record = records.findLast(({ key }) => String(key).startsWith(`["${job}",{"file":`));
  const client = clientOf(bootstrapServers);
  const options = { transactionalId: null, transactionTimeoutMs: 60_000 };
  const producer = await TransactionalProducer.start(client, options);
  const topic = { name: OFFSETS, partitions: 1 };
  await writeRecord(producer, topic, { key: record?.key as Buffer, value: Buffer.from(value) }, [
    record?.partition as number,
  ]);
  await producer.close();
}

test.each([
  ['cut short', '{"pos', 'is "{"pos", not a JSON object'],
  ["somebody else's", '{"position":"far"}', 'has position "far", not a whole number'],
])(
  'a file whose stored offset is %s is not loaded; the load tells why and how to go on',
  { timeout: 90_000 },
  async (_which, value, why) => {
    const folder = await LoadFolder.make();
    const file = await folder.write('a.csv', quotes(3));
    await folder.load({ files: [file] });
    await store(folder, value);
    const { state, error } = await folder.load({ files: [file] });
    expect(state).toBe('FAILED');
    expect(error?.code).toBe('SOURCE_UNREADABLE');
    expect(error?.message.replaceAll('\\"', '"')).toContain(why);
    expect(error?.message).toContain(`headrace offsets reset ${folder.job} --file "${file}"`);
    expect(await folder.load({ files: [file], restart: true })).toMatchObject({
      state: 'COMPLETED',
      rows: 3,
    });
  },
);
