import { setTimeout as delay } from 'node:timers/promises';
import { KafkaSocket } from './kafka-socket.ts';

const FIND_COORDINATOR = 10;
const INIT_PRODUCER_ID = 22;
const TRANSACTION = 1;
const TIMEOUT_MS = 60_000;
const CONCURRENT_TRANSACTIONS = 51;
const RETRY_MS = 50;

/** Takes a transactional id over, as another producer of that id would. */
export async function takeOver(addresses: string, transactionalId: string): Promise<void> {
  const socket = await KafkaSocket.open(addresses.split(',')[0] as string);
  const coordinator = await KafkaSocket.open(await coordinatorOf(socket, transactionalId));
  const id = string(transactionalId);
  const timeout = Buffer.alloc(4);
  timeout.writeInt32BE(TIMEOUT_MS);
  for (;;) {
    const answer = await coordinator.request(INIT_PRODUCER_ID, 1, Buffer.concat([id, timeout]));
    const errorCode = answer.readInt16BE(4);
    if (errorCode === 0) break;
    if (errorCode !== CONCURRENT_TRANSACTIONS) throw new Error(`InitProducerId: error ${errorCode}`);
    await delay(RETRY_MS);
  }
  for (const each of [socket, coordinator]) each.close();
}

async function coordinatorOf(socket: KafkaSocket, transactionalId: string): Promise<string> {
  const answer = await socket.request(
    FIND_COORDINATOR,
    1,
    Buffer.concat([string(transactionalId), Buffer.of(TRANSACTION)]),
  );
  const errorCode = answer.readInt16BE(4);
  if (errorCode !== 0) throw new Error(`FindCoordinator: error ${errorCode}`);
  const messageLength = Math.max(0, answer.readInt16BE(6));
  const hostAt = 8 + messageLength + 4 + 2;
  const hostLength = answer.readInt16BE(hostAt - 2);
  return `${answer.toString('utf8', hostAt, hostAt + hostLength)}:${answer.readInt32BE(hostAt + hostLength)}`;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
