import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { METADATA_WITH_RIGHTS } from '../protocol/metadata.ts';

/** Operations by their number in Kafka's authorizer (org.apache.kafka.common.acl.AclOperation). */
const OPERATIONS = { READ: 3, WRITE: 4, DESCRIBE: 8 } as const;

export type Operation = keyof typeof OPERATIONS;

/** Those of the operations that this principal may not do with a topic; none where the brokers are too old to tell. */
export function missingRights(
  client: KafkaClient,
  topic: string,
  wanted: readonly Operation[],
): Promise<readonly Operation[]> {
  return client.withConnection(async (connection) => {
    const link = await connection.any();
    if (!link.serves(METADATA_WITH_RIGHTS)) return [];
    const doing = `Asking for the rights on topic "${topic}"`;
    const { errorCode, operations } = await connection.call(link, METADATA_WITH_RIGHTS, { topic }, doing);
    failOn(errorCode, doing);
    if (operations === null) return [];
    return wanted.filter((operation) => (operations & (1 << OPERATIONS[operation])) === 0);
  });
}
