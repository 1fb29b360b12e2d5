import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { defineApi } from '../protocol/api.ts';
import { PROTOCOL_ERRORS } from '../protocol/error-codes.ts';
import { servedApis } from './served-apis.ts';

/** Operations by their number in Kafka's authorizer (org.apache.kafka.common.acl.AclOperation). */
const OPERATIONS = { READ: 3, WRITE: 4, DESCRIBE: 8 } as const;
const NOT_TOLD = -2_147_483_648;

export type Operation = keyof typeof OPERATIONS;

/** Metadata v8 of one topic, with what the principal may do with it (KIP-430). */
const METADATA_WITH_RIGHTS = defineApi<
  { readonly topic: string },
  { readonly errorCode: number; readonly operations: number }
>({
  name: 'Metadata',
  key: 3,
  version: 8,
  write: (writer, { topic }) => {
    writer.array([topic], (w, name) => w.string(name));
    writer.boolean(false).boolean(false).boolean(true);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    reader.array((r) => [r.int32(), r.string(), r.int32(), r.nullableString()]); // brokers
    reader.nullableString(); // cluster_id
    reader.int32(); // controller_id
    const [answer] = reader.array((r) => {
      const errorCode = r.int16();
      r.string(); // name
      r.boolean(); // is_internal
      r.array((p) => {
        p.int16(); // error_code
        for (let field = 0; field < 3; field++) p.int32(); // partition, leader, leader_epoch
        for (let list = 0; list < 3; list++) p.array((n) => n.int32()); // replicas, isr, offline_replicas
      });
      return { errorCode, operations: r.int32() };
    });
    return answer ?? { errorCode: PROTOCOL_ERRORS.UNKNOWN_TOPIC_OR_PARTITION.id, operations: NOT_TOLD };
  },
});

/** Those of the operations that this principal may not do with a topic; none where the brokers are too old to tell. */
export function missingRights(
  client: KafkaClient,
  topic: string,
  wanted: readonly Operation[],
): Promise<readonly Operation[]> {
  return client.withConnection(async (connection) => {
    const served = (await servedApis(connection)).get(METADATA_WITH_RIGHTS.key);
    if (served === undefined || served.maxVersion < METADATA_WITH_RIGHTS.version) return [];
    const doing = `Asking for the rights on topic "${topic}"`;
    const answer = await connection.call(await connection.any(), METADATA_WITH_RIGHTS, { topic }, doing);
    failOn(answer.errorCode, doing);
    if (answer.operations === NOT_TOLD) return [];
    return wanted.filter((operation) => (answer.operations & (1 << OPERATIONS[operation])) === 0);
  });
}
