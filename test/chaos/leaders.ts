import { KafkaSocket } from './kafka-socket.ts';
import { type PartitionState, partitionsOf } from './metadata.ts';

/** Which broker leads which partition, and a connection to each. Brokers that do not answer are no error. */
export class Leaders {
  readonly #addresses: readonly string[];
  readonly #topics: readonly string[];
  readonly #sockets = new Map<string, KafkaSocket>();
  #known: ReadonlyMap<string, string> | null = null;

  constructor(addresses: readonly string[], topics: readonly string[]) {
    this.#addresses = addresses;
    this.#topics = topics;
  }

  /** Addresses by `topic partition`; a partition without a leader is not among them. */
  async find(): Promise<ReadonlyMap<string, string>> {
    this.#known ??= leadersIn(await this.states());
    return this.#known;
  }

  /** What the first broker that answers knows; nothing when none does. */
  async states(): Promise<PartitionState[]> {
    for (const address of this.#addresses) {
      const socket = await this.socket(address);
      const states = await (socket && partitionsOf(socket, this.#topics).catch(() => null));
      if (states !== null) return states;
    }
    return [];
  }

  forget(): void {
    this.#known = null;
  }

  /** null when the broker cannot be reached. */
  async socket(address: string): Promise<KafkaSocket | null> {
    const open = this.#sockets.get(address);
    if (open !== undefined && !open.isClosed) return open;
    const socket = await KafkaSocket.open(address).catch(() => null);
    if (socket !== null) this.#sockets.set(address, socket);
    return socket;
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
  }
}

function leadersIn(states: readonly PartitionState[]): Map<string, string> {
  return new Map(
    states.flatMap(({ topic, partition, leader }) =>
      leader === null ? [] : [[`${topic} ${partition}`, leader] as const],
    ),
  );
}
