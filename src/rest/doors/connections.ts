import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections at a time, of the files that a process may have open; loading must not want for them. */
const MAX_CONNECTIONS = 64;

/** The connections of a server, of which there are only so many. */
export class Connections {
  readonly #open = new Map<string, Socket>();
  readonly #served = new Map<string, number>();

  /** Ends the oldest connection for a new one: who asks and goes is served, however many others hold theirs open. */
  watch(server: Server): Server {
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      this.#open.set(peer, socket);
      socket.once('close', () => {
        if (this.#open.get(peer) === socket) this.#open.delete(peer);
      });
      if (this.#open.size > MAX_CONNECTIONS) this.#endOne();
    });
    return server;
  }

  /** From now on until it is answered a request that was let in keeps its connection. */
  keep({ socket }: IncomingMessage, answer: NodeJS.EventEmitter): void {
    const peer = peerOf(socket);
    this.#served.set(peer, (this.#served.get(peer) ?? 0) + 1);
    answer.once('close', () => {
      const left = (this.#served.get(peer) ?? 1) - 1;
      if (left === 0) this.#served.delete(peer);
      else this.#served.set(peer, left);
    });
  }

  #endOne(): void {
    const peers = [...this.#open.keys()];
    // The one that just came if all of the others are served.
    const peer = peers.find((peer) => !this.#served.has(peer)) as string;
    this.#open.get(peer)?.destroy();
    this.#open.delete(peer);
  }
}

/** The same for a connection and for what TLS makes of it. */
function peerOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
