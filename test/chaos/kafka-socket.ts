import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

interface Waiting {
  resolve(answer: Buffer): void;
  reject(error: Error): void;
}

const TIMEOUT_MS = 10_000;

/** One connection to one broker that speaks Kafka's frames: requests out, answers back in the same order. */
export class KafkaSocket {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the broker closed the connection')));
  }

  /** @param address `host:port` */
  static async open(address: string): Promise<KafkaSocket> {
    const { hostname, port } = new URL(`kafka://${address}`);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new KafkaSocket(socket);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends a request of an api version that has the plain header, not the flexible one; resolves with the body. */
  request(apiKey: number, apiVersion: number, body: Buffer): Promise<Buffer> {
    const header = Buffer.alloc(14);
    header.writeInt32BE(10 + body.length, 0);
    header.writeInt16BE(apiKey, 4);
    header.writeInt16BE(apiVersion, 6);
    header.writeInt16BE(-1, 12);
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#waiting.push({ resolve, reject });
    if (this.#isClosed) this.#fail(new Error('the connection is closed'));
    else this.#socket.write(Buffer.concat([header, body]));
    // A broker that is paused keeps its connections and says nothing.
    const timer = setTimeout(() => this.#socket.destroy(), TIMEOUT_MS);
    return promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= 4) {
      const first = this.#chunks[0] as Buffer;
      const head = first.length >= 4 ? first : this.#joined();
      const size = 4 + head.readInt32BE(0);
      if (this.#length < size) return;
      const joined = this.#joined();
      this.#chunks = [joined.subarray(size)];
      this.#length -= size;
      this.#waiting.shift()?.resolve(joined.subarray(8, size));
    }
  }

  #joined(): Buffer {
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #fail(error: Error): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
