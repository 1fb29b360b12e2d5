import type { TransactionalProducer } from '../../kafka/producer/transactional-producer.ts';
import { writeRecord } from '../../kafka/producer/write-record.ts';
import type { CommittedOffsets } from '../../offsets/committed-offsets.ts';
import { decodeOffsetKey, versionHeaders } from '../../offsets/offset-codec.ts';
import type { TopicInfo } from '../../sink/topic-directory.ts';
import type { MarkRecord } from '../dead-letter-file/dead-letter-mark.ts';

/** A mark that is taken away must go wherever one is kept: the topic may have got partitions. */
export function storeMark(
  producer: TransactionalProducer,
  topic: TopicInfo,
  { key, value }: MarkRecord,
  offsets: CommittedOffsets,
): Promise<void> {
  const record = { key, value, headers: versionHeaders(offsets.nextVersion()) };
  if (value !== null) return writeRecord(producer, topic, record);
  const partitions = offsets.partitionsOf(decodeOffsetKey(key)?.partition ?? {});
  return writeRecord(producer, topic, record, partitions.length > 0 ? partitions : undefined);
}
