import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What is the matter with the registry. */
export type RegistryTrouble = 'none' | 'down' | 'slow' | 'error';

const SLOW_MS = 2000;

/** An HTTP proxy before a schema registry, by which it seems to be down, slow or failing. */
export class RegistryProxy {
  trouble: RegistryTrouble = 'none';
  readonly #server: Server;
  readonly #behind: string;

  private constructor(behind: string) {
    this.#behind = behind;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async before(url: string): Promise<RegistryProxy> {
    const proxy = new RegistryProxy(url);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const { pathname } = new URL(this.#behind);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${pathname}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.trouble === 'down') return void request.socket.destroy();
    if (this.trouble === 'error') return void response.writeHead(500).end('{}');
    if (this.trouble === 'slow') await delay(SLOW_MS);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = 'GET', url = '/' } = request;
    const answer = await fetch(new URL(url, this.#behind), {
      method,
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    });
    const type = answer.headers.get('content-type') ?? 'application/json';
    response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
  }
}
