import { makeTempFolder, removeTempFolder } from '../scripts/stack/temp-folder.ts';
import { BenchError } from './bench-error.ts';
import type { DataSet } from './data/data-set.ts';
import { type Measured, measure } from './measure/measure.ts';
import { deadLetterTopic } from './targets/ours.ts';
import type { Target } from './targets/target.ts';
import { type Cluster, countCommitted, countOffsets, createTopic, deleteTopics } from './topics.ts';

/** One load of a file by a target. */
export interface Load extends Measured {
  /** From the first row read to the last acknowledged; of the whole process where the target does not tell. */
  readonly loadMs: number;
  /** Found in the topic afterwards. */
  readonly records: number;
  /** User and system time of the brokers; null where nobody sees it. */
  readonly brokerCpuMs: number | null;
  /** Of a record, with its share of the batch, as it is stored; null as well. */
  readonly recordBytes: number | null;
}

/**
 * Has a target load a file into a new topic.
 *
 * @throws BenchError when the topic does not hold what it must.
 */
export async function load(target: Target, data: DataSet, cluster: Cluster): Promise<Load> {
  const topic = await createTopic(cluster, target.name.replace(/\W+/g, '-'));
  const folder = await makeTempFolder('bench');
  try {
    const command = await target.command({ ...data, cluster, topic, folder });
    const { watch } = cluster;
    const cpuBefore = watch?.cpuMs() ?? 0;
    const measured = await measure(command, target.hopeless);
    const brokerCpuMs = watch === null ? null : watch.cpuMs() - cpuBefore;
    const expected = target.expected(data);
    const records = target.transactional
      ? await countCommitted(cluster, topic, expected ?? data.rows)
      : await countOffsets(cluster, topic);
    if (expected !== null && records !== expected) {
      throw new BenchError(`${target.name}: expected ${expected} records in ${topic}, got ${records}`);
    }
    const recordBytes = watch === null ? null : watch.bytesOf(topic) / records;
    const loadMs = target.loadMs(measured) ?? measured.wallMs;
    const cpuMs = target.cpuMs?.(measured) ?? measured.cpuMs;
    return { ...measured, loadMs, cpuMs, records, brokerCpuMs, recordBytes };
  } finally {
    await removeTempFolder(folder);
    await deleteTopics(cluster, [topic, deadLetterTopic(topic)]);
  }
}
