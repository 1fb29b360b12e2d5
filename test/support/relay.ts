import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const RESET_GRACE_MS = 50;

/** One client's connection through a proxy to its server. */
export interface RelayLink {
  /** Resolves when both ends are closed. */
  readonly ended: Promise<void>;
  /** Ends the connection; what it held back is lost. */
  cut(): void;
}

/** A TCP proxy before a server on 127.0.0.1; what goes on between the two ends is the links' own. */
export class Relay<Link extends RelayLink> {
  readonly links: ReadonlySet<Link>;
  readonly #server: Server;

  private constructor(server: Server, links: ReadonlySet<Link>) {
    this.#server = server;
    this.links = links;
  }

  static async listen<Link extends RelayLink>(
    behind: number,
    link: (client: Socket, server: Socket) => Link,
  ): Promise<Relay<Link>> {
    const links = new Set<Link>();
    const listener = createServer({ noDelay: true }, (client) => {
      const joined = link(client, connect({ port: behind, host: '127.0.0.1', noDelay: true }));
      links.add(joined);
      joined.ended.then(() => links.delete(joined));
    });
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    return new Relay(listener, links);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections there are; new ones are welcome. */
  cutAll(): void {
    for (const link of this.links) link.cut();
  }

  close(): void {
    this.#server.close();
    this.cutAll();
  }
}

/** By a TCP reset, which takes with it what the other end has not read yet: it is given a moment to do so. */
export async function resetSoon(socket: Socket): Promise<void> {
  await delay(RESET_GRACE_MS);
  socket.resetAndDestroy();
}
