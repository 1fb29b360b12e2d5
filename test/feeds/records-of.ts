import { expect } from 'vitest';
import { LogReader, type ReadRecord } from '../chaos/log-reader.ts';
import { sharedKafka } from '../support/stack.ts';

const { bootstrapServers } = await sharedKafka();

/** The records of a topic of one partition, which a reader of committed records sees a moment after the commit. */
export async function recordsOf(topic: string, count: number): Promise<ReadRecord[]> {
  const reader = await LogReader.open(bootstrapServers, { [topic]: 1 }, 'read_committed');
  const records: ReadRecord[] = [];
  await expect
    .poll(
      async () => {
        await reader.readAll((record) => records.push(record));
        return records.length;
      },
      { timeout: 20_000 },
    )
    .toBe(count);
  reader.close();
  return records;
}
