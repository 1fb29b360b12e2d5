import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { defineApi } from '../protocol/api.ts';
import { servedApis } from './served-apis.ts';

const NO_ID = '00000000000000000000000000000000';

/** Metadata v10 of one topic, the first version with its id (KIP-516, Apache Kafka 2.8). */
const METADATA_WITH_ID = defineApi<
  { readonly topic: string },
  { readonly errorCode: number; readonly id: string }
>({
  name: 'Metadata',
  key: 3,
  version: 10,
  write: (writer, { topic }) => {
    writer.noTags(); // of the header
    writer.compactArray([topic], (w, name) => w.int64(0n).int64(0n).compactString(name).noTags());
    writer.boolean(false).boolean(false).boolean(false).noTags();
  },
  read: (reader) => {
    reader.tags();
    reader.int32(); // throttle_time_ms
    reader.compactArray((r) => {
      r.int32(); // node_id
      r.compactString(); // host
      r.int32(); // port
      r.compactString(); // rack
      r.tags();
    });
    reader.compactString(); // cluster_id
    reader.int32(); // controller_id
    const [found] = reader.compactArray((r) => {
      const errorCode = r.int16();
      r.compactString(); // name
      const id = hex(r.int64()) + hex(r.int64());
      r.boolean(); // is_internal
      r.compactArray((p) => {
        p.int16(); // error_code
        for (let field = 0; field < 3; field++) p.int32(); // partition, leader, leader_epoch
        for (let list = 0; list < 3; list++) p.compactArray((n) => n.int32()); // replicas, isr, offline_replicas
        p.tags();
      });
      r.int32(); // topic_authorized_operations
      r.tags();
      return { errorCode, id };
    });
    return found ?? { errorCode: 0, id: NO_ID };
  },
});

function hex(half: bigint): string {
  return BigInt.asUintN(64, half).toString(16).padStart(16, '0');
}

/** The id of a topic, by which it differs from one of its name that was there before; null where brokers have none. */
export function topicId(client: KafkaClient, topic: string): Promise<string | null> {
  return client.withConnection(async (connection) => {
    const served = (await servedApis(connection)).get(METADATA_WITH_ID.key);
    if (served === undefined || served.maxVersion < METADATA_WITH_ID.version) return null;
    const doing = `Asking for the id of topic "${topic}"`;
    const { errorCode, id } = await connection.call(
      await connection.any(),
      METADATA_WITH_ID,
      { topic },
      doing,
    );
    failOn(errorCode, doing);
    return id === NO_ID ? null : id;
  });
}
