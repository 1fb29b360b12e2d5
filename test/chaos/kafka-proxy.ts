import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'request' | 'answer';

/** Api keys: https://kafka.apache.org/protocol#protocol_api_keys */
export const API = { produce: 0, addPartitionsToTxn: 24, endTxn: 26 } as const;

/** What stands between a client and the broker: is told of each frame, and may hold it back. */
export interface Gate {
  /** The frame goes on when the promise resolves, unless the client has gone by then. */
  pass(direction: Direction, apiKey: number): Promise<void> | void;
}

/** A TCP proxy before one broker that knows Kafka's frames, so that a client can be killed at a certain one. */
export class KafkaProxy {
  readonly #server: Server;
  readonly #gate: Gate;
  readonly #brokerPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #links = new Set<Link>();

  private constructor(brokerPort: number, gate: Gate) {
    this.#brokerPort = brokerPort;
    this.#gate = gate;
    this.#server = createServer({ noDelay: true }, (client) => this.#join(client));
  }

  static async listen(port: number, brokerPort: number, gate: Gate): Promise<KafkaProxy> {
    const proxy = new KafkaProxy(brokerPort, gate);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Clients that have asked for the end of a transaction and have not seen the answer. */
  get commitsUnderWay(): number {
    return [...this.#links].reduce((total, link) => total + link.commitsUnderWay, 0);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket): void {
    const broker = connect({ port: this.#brokerPort, host: '127.0.0.1', noDelay: true });
    const sockets = [client, broker];
    const link = new Link(client, broker, this.#gate);
    this.#links.add(link);
    for (const socket of sockets) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#links.delete(link);
        for (const each of sockets) each.destroy();
        link.end();
      });
    }
  }
}

/** One client's connection to the broker. */
class Link {
  readonly #gate: Gate;
  /** Of requests that are not answered, by correlation id. */
  readonly #apiKeys = new Map<number, number>();
  readonly #ended = Promise.withResolvers<void>();

  constructor(client: Socket, broker: Socket, gate: Gate) {
    this.#gate = gate;
    const asked = (frame: Buffer) => {
      const apiKey = frame.readInt16BE(4);
      this.#apiKeys.set(frame.readInt32BE(8), apiKey);
      return apiKey;
    };
    const answered = (frame: Buffer) => this.#apiKeys.delete(frame.readInt32BE(4));
    const apiKeyOf = (frame: Buffer) => this.#apiKeys.get(frame.readInt32BE(4)) ?? -1;
    client.on('data', this.#forward('request', broker, asked));
    broker.on('data', this.#forward('answer', client, apiKeyOf, answered));
  }

  get commitsUnderWay(): number {
    return [...this.#apiKeys.values()].filter((apiKey) => apiKey === API.endTxn).length;
  }

  /** What is held back is dropped. */
  end(): void {
    this.#ended.resolve();
  }

  #forward(
    direction: Direction,
    to: Socket,
    apiKeyOf: (frame: Buffer) => number,
    passed: (frame: Buffer) => void = () => {},
  ): (chunk: Buffer) => void {
    let turn: Promise<void> = Promise.resolve();
    return frames((frame) => {
      const apiKey = apiKeyOf(frame);
      turn = turn.then(async () => {
        await Promise.race([this.#gate.pass(direction, apiKey), this.#ended.promise]);
        if (to.destroyed) return;
        passed(frame);
        to.write(frame);
      });
    });
  }
}

/** Cuts what comes from a socket into whole frames, each with its length in front. */
function frames(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let length = 0;
  let wanted = 4;
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    while (length >= wanted) {
      const joined = Buffer.concat(chunks);
      const size = 4 + joined.readInt32BE(0);
      chunks = [joined];
      wanted = Math.max(4, size);
      if (length < size) return;
      onFrame(joined.subarray(0, size));
      chunks = [joined.subarray(size)];
      length -= size;
      wanted = 4;
    }
  };
}
