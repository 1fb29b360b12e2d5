import { setTimeout as delay } from 'node:timers/promises';
import { KafkaSocket } from './kafka-socket.ts';

const FIND_COORDINATOR = 10;
const INIT_PRODUCER_ID = 22;
const TRANSACTION = 1;
const TIMEOUT_MS = 60_000;
const CONCURRENT_TRANSACTIONS = 51;
const RETRY_MS = 50;
/** So many requests wait on the connection for the broker. */
const UNDER_WAY = 200;

/** Whose transactional id it is. */
export interface Holder {
  readonly producerId: bigint;
  readonly epoch: number;
}

/** Takes a transactional id over, as another producer of that id would. */
export function takeOver(addresses: string, transactionalId: string): Promise<Holder> {
  return asCoordinated(addresses, transactionalId, async (coordinator) => {
    for (;;) {
      const { errorCode, ...holder } = await askOnce(coordinator, transactionalId);
      if (errorCode === 0) return holder;
      if (errorCode !== CONCURRENT_TRANSACTIONS) throw new Error(`InitProducerId: error ${errorCode}`);
      await delay(RETRY_MS);
    }
  });
}

/** Takes a transactional id, which nobody uses meanwhile, over until its epoch is this. */
export async function raiseEpoch(addresses: string, transactionalId: string, epoch: number): Promise<Holder> {
  let holder = await takeOver(addresses, transactionalId);
  await asCoordinated(addresses, transactionalId, async (coordinator) => {
    while (holder.epoch < epoch) {
      const times = Math.min(UNDER_WAY, epoch - holder.epoch);
      const asked = Array.from({ length: times }, () => askOnce(coordinator, transactionalId));
      for (const { errorCode, ...next } of await Promise.all(asked)) if (errorCode === 0) holder = next;
    }
  });
  return holder;
}

async function askOnce(
  coordinator: KafkaSocket,
  transactionalId: string,
): Promise<Holder & { readonly errorCode: number }> {
  const timeout = Buffer.alloc(4);
  timeout.writeInt32BE(TIMEOUT_MS);
  const body = Buffer.concat([string(transactionalId), timeout]);
  const answer = await coordinator.request(INIT_PRODUCER_ID, 1, body);
  return {
    errorCode: answer.readInt16BE(4),
    producerId: answer.readBigInt64BE(6),
    epoch: answer.readInt16BE(14),
  };
}

async function asCoordinated<T>(
  addresses: string,
  transactionalId: string,
  use: (coordinator: KafkaSocket) => Promise<T>,
): Promise<T> {
  const socket = await KafkaSocket.open(addresses.split(',')[0] as string);
  const coordinator = await KafkaSocket.open(await coordinatorOf(socket, transactionalId));
  try {
    return await use(coordinator);
  } finally {
    for (const each of [socket, coordinator]) each.close();
  }
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
