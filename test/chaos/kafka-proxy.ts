import type { Socket } from 'node:net';
import { Relay } from '../support/relay.ts';
import { ProxyLink } from './proxy-link.ts';

export type Direction = 'request' | 'answer';

/** Api keys: https://kafka.apache.org/protocol#protocol_api_keys */
export const API = {
  produce: 0,
  fetch: 1,
  apiVersions: 18,
  initProducerId: 22,
  addPartitionsToTxn: 24,
  endTxn: 26,
  describeConfigs: 32,
} as const;

/** What the gate may do to the connection a frame comes through. */
export interface FrameLink {
  /** Ends the connection; what it held back is lost. */
  cut(): void;
  /** As `cut`, but the client is told by a TCP reset. */
  reset(): void;
  /** Sends a frame to the broker once more, on a connection of its own; resolves with the answer. */
  repeat(frame: Buffer): Promise<Buffer>;
  /** From now on the broker's end stays open when the client goes, and what is held back for it goes on in its time. */
  outliveClient(): void;
}

/** What stands between a client and the brokers: is told of each frame, and may hold it back. */
export interface Gate {
  /**
   * The frame, and what comes after it, goes on when the promise resolves, unless the client has gone by then. It goes on
   * as it is then: its bytes may be written over.
   */
  pass(direction: Direction, apiKey: number, link: FrameLink, frame: Buffer): Promise<void> | void;
}

/** A TCP proxy before one broker that knows Kafka's frames, so that something can happen at a certain one. */
export class KafkaProxy {
  readonly brokerPort: number;
  readonly #relay: Relay<ProxyLink>;
  /** The ports by which clients are told to find the brokers, by the brokers' own. */
  readonly #ports: Map<number, number>;

  private constructor(brokerPort: number, relay: Relay<ProxyLink>, ports: Map<number, number>) {
    this.brokerPort = brokerPort;
    this.#relay = relay;
    this.#ports = ports;
  }

  static async listen(brokerPort: number, gate: Gate): Promise<KafkaProxy> {
    const ports = new Map<number, number>();
    const join = (client: Socket, broker: Socket) => new ProxyLink(client, broker, gate, ports);
    return new KafkaProxy(brokerPort, await Relay.listen(brokerPort, join), ports);
  }

  get port(): number {
    return this.#relay.port;
  }

  /** Clients that have asked for the end of a transaction and have not seen the answer. */
  get commitsUnderWay(): number {
    return [...this.#relay.links].reduce((total, link) => total + link.countUnderWay(API.endTxn), 0);
  }

  /** Brokers name each other to clients by their own ports; clients are to be told of the proxies instead. */
  redirect(ports: ReadonlyMap<number, number>): void {
    for (const [own, told] of ports) this.#ports.set(own, told);
  }

  /** Ends all connections there are; new ones are welcome. */
  cutAll(): void {
    this.#relay.cutAll();
  }

  close(): void {
    this.#relay.close();
  }
}
