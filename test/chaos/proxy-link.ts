import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FrameLink, Gate } from './kafka-proxy.ts';

const METADATA = 3;
const FIND_COORDINATOR = 10;
/** What all brokers of the stack advertise, followed by a port as 32 bits. */
const HOST = Buffer.from('127.0.0.1');
/** In the transactional id under which a worker tells the states of files, which is among a request's first bytes. */
const STATES = '-file-statuses';
const ID_BYTES = 256;

/** One client's connection through a proxy to its broker. */
export class ProxyLink implements FrameLink {
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #gate: Gate;
  readonly #ports: ReadonlyMap<number, number>;
  /** Of requests that are not answered, by correlation id. */
  readonly #apiKeys = new Map<number, number>();
  readonly #ended = Promise.withResolvers<void>();
  #outlivesClient = false;
  /** States of files are told through it, and no row comes: what is to happen to a commit is not for these. */
  #tellsStates = false;

  constructor(client: Socket, broker: Socket, gate: Gate, ports: ReadonlyMap<number, number>) {
    this.#client = client;
    this.#broker = broker;
    this.#gate = gate;
    this.#ports = ports;
    for (const socket of [client, broker]) socket.on('error', () => {});
    client.once('close', () => this.#outlivesClient || this.cut());
    broker.once('close', () => this.cut());
    client.on('data', this.#requests());
    broker.on('data', this.#answers());
  }

  /** Resolves when both ends are closed; what is held back then is lost. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  countUnderWay(apiKey: number): number {
    if (this.#tellsStates) return 0;
    return [...this.#apiKeys.values()].filter((each) => each === apiKey).length;
  }

  cut(): void {
    this.#client.destroy();
    this.#broker.destroy();
    this.#ended.resolve();
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.cut();
  }

  async repeat(frame: Buffer): Promise<Buffer> {
    const { remotePort, remoteAddress } = this.#broker;
    const socket = connect(remotePort as number, remoteAddress);
    socket.write(frame);
    const [answer] = await once(socket, 'data');
    socket.destroy();
    return answer;
  }

  outliveClient(): void {
    this.#outlivesClient = true;
  }

  #requests(): (chunk: Buffer) => void {
    let turn: Promise<void> = Promise.resolve();
    return frames((frame) => {
      const apiKey = frame.readInt16BE(4);
      this.#tellsStates ||= frame.subarray(0, ID_BYTES).includes(STATES);
      this.#apiKeys.set(frame.readInt32BE(8), apiKey);
      turn = turn.then(async () => {
        if (await this.#isPassed('request', apiKey, frame)) this.#broker.write(frame);
      });
    });
  }

  #answers(): (chunk: Buffer) => void {
    let turn: Promise<void> = Promise.resolve();
    return frames((frame) => {
      const correlationId = frame.readInt32BE(4);
      const apiKey = this.#apiKeys.get(correlationId) ?? -1;
      if (apiKey === METADATA || apiKey === FIND_COORDINATOR) this.#redirect(frame);
      turn = turn.then(async () => {
        if (!(await this.#isPassed('answer', apiKey, frame)) || this.#client.destroyed) return;
        this.#apiKeys.delete(correlationId);
        this.#client.write(frame);
      });
    });
  }

  async #isPassed(direction: 'request' | 'answer', apiKey: number, frame: Buffer): Promise<boolean> {
    const passed = this.#tellsStates ? undefined : this.#gate.pass(direction, apiKey, this, frame);
    await Promise.race([passed, this.#ended.promise]);
    return !this.#broker.destroyed;
  }

  #redirect(frame: Buffer): void {
    for (let at = frame.indexOf(HOST); at !== -1; at = frame.indexOf(HOST, at + 1)) {
      const portAt = at + HOST.length;
      if (portAt + 4 > frame.length) return;
      const port = this.#ports.get(frame.readInt32BE(portAt));
      if (port !== undefined) frame.writeInt32BE(port, portAt);
    }
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
