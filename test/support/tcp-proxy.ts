import type { Socket } from 'node:net';
import { Relay, type RelayLink, resetSoon } from './relay.ts';

/** A proxy before a server of any protocol, whose network goes wrong as tests command. */
export class TcpProxy {
  readonly #relay: Relay<TcpLink>;
  readonly #network: Network;

  private constructor(relay: Relay<TcpLink>, network: Network) {
    this.#relay = relay;
    this.#network = network;
  }

  /** @param port of a server on 127.0.0.1 */
  static async before(port: number): Promise<TcpProxy> {
    const network = new Network();
    const relay = await Relay.listen(port, (client, server) => new TcpLink(client, server, network));
    return new TcpProxy(relay, network);
  }

  get port(): number {
    return this.#relay.port;
  }

  /** Connections that clients have opened so far. */
  get connections(): number {
    return this.#network.connections;
  }

  /** Of those, the ones that are open. */
  get open(): number {
    return this.#relay.links.size;
  }

  /**
   * The connection that brings this many bytes from the server, counted from now on over all of them, is reset there.
   * What comes before arrives, unless the client is slow to read it.
   */
  resetAfter(bytes: number): void {
    this.#network.bytesToReset = bytes;
  }

  /** The next so many connections are closed as soon as they are opened. */
  refuse(times: number): void {
    this.#network.refusals = times;
  }

  /** Nothing comes through in either direction, and the connections stay, until `unhold`. */
  hold(): void {
    this.#network.isHeld = true;
    for (const link of this.#relay.links) link.pause();
  }

  unhold(): void {
    this.#network.isHeld = false;
    for (const link of this.#relay.links) link.resume();
  }

  /** Ends all connections there are; new ones are welcome. */
  cutAll(): void {
    this.#relay.cutAll();
  }

  close(): void {
    this.#relay.close();
  }
}

/** What all connections of a proxy share. */
class Network {
  connections = 0;
  refusals = 0;
  isHeld = false;
  bytesToReset = Number.POSITIVE_INFINITY;
}

class TcpLink implements RelayLink {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #network: Network;
  #isStruck = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(client: Socket, server: Socket, network: Network) {
    this.#client = client;
    this.#server = server;
    this.#network = network;
    network.connections += 1;
    for (const socket of [client, server]) socket.on('error', () => {});
    client.once('close', () => this.cut());
    server.once('close', () => this.#isStruck || this.cut());
    client.on('data', (chunk) => this.#pass(chunk, client, server));
    server.on('data', (chunk) => this.#answer(chunk));
    if (network.refusals > 0) {
      network.refusals -= 1;
      this.cut();
    } else if (network.isHeld) this.pause();
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  cut(): void {
    this.#client.destroy();
    this.#server.destroy();
    this.#ended.resolve();
  }

  pause(): void {
    this.#client.pause();
    this.#server.pause();
  }

  resume(): void {
    this.#client.resume();
    this.#server.resume();
  }

  #answer(chunk: Buffer): void {
    const { bytesToReset } = this.#network;
    this.#network.bytesToReset -= chunk.length;
    if (chunk.length < bytesToReset) return this.#pass(chunk, this.#server, this.#client);
    this.#network.bytesToReset = Number.POSITIVE_INFINITY;
    this.#isStruck = true;
    this.#server.destroy();
    this.#client.write(chunk.subarray(0, bytesToReset), () => resetSoon(this.#client));
  }

  /** No faster than it is read at the other end. */
  #pass(chunk: Buffer, from: Socket, to: Socket): void {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => this.#network.isHeld || from.resume());
  }
}
