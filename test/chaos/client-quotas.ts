import { KafkaSocket } from './kafka-socket.ts';

const ALTER_CLIENT_QUOTAS = 49;

/** What a client may use of a broker: bytes a second, percent of a thread, partitions a second; null lifts the quota. */
export interface ClientQuotas {
  readonly producer_byte_rate?: number | null;
  readonly consumer_byte_rate?: number | null;
  readonly request_percentage?: number | null;
  readonly controller_mutation_rate?: number | null;
}

/** Sets quotas of one client id: AlterClientQuotas v0 (KIP-546). */
export async function setQuotas(addresses: string, clientId: string, quotas: ClientQuotas): Promise<void> {
  const socket = await KafkaSocket.open(addresses.split(',')[0] as string);
  try {
    const answer = await socket.request(ALTER_CLIENT_QUOTAS, 0, bodyOf(clientId, quotas));
    const errorCode = answer.readInt16BE(8);
    if (errorCode !== 0) throw new Error(`AlterClientQuotas: error ${errorCode}`);
  } finally {
    socket.close();
  }
}

function bodyOf(clientId: string, quotas: ClientQuotas): Buffer {
  const values = Object.entries(quotas);
  const entity = [int32(1), string('client-id'), string(clientId)];
  const ops = values.flatMap(([name, value]) => [
    string(name),
    double(value ?? 0),
    Buffer.of(value === null ? 1 : 0),
  ]);
  const isOnlyTried = Buffer.of(0);
  return Buffer.concat([int32(1), ...entity, int32(values.length), ...ops, isOnlyTried]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function string(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}
