import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { azureReadWithoutRange } from './azure.ts';
import type { HttpFault, Match, SeenRequest } from './http-faults.ts';
import { resetSoon } from './relay.ts';

/** A fault that waits for its requests. */
interface Plan {
  readonly fault: HttpFault;
  readonly match: Match;
  timesLeft: number;
}

/** Of one connection alone, so they do not go on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding'];

/** A proxy before a server that speaks HTTP, which makes its answers go wrong as tests command. */
export class FaultProxy {
  /** All that came, in order. */
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #behind: URL;
  readonly #plans: Plan[] = [];

  private constructor(behind: string) {
    this.#behind = new URL(behind);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** @param url where the server behind it is, with the path that its clients are given */
  static async before(url: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(url);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  /** What clients are given in place of the server's own. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#behind.pathname.replace(/\/$/, '')}`;
  }

  /** The next requests that match meet the fault, one each; of several plans the first that matches, as they were made. */
  plan(fault: HttpFault, match: Match, times = 1): void {
    this.#plans.push({ fault, match, timesLeft: times });
  }

  /** All is well from now on; what stalls already goes on stalling. */
  mend(): void {
    this.#plans.length = 0;
  }

  /** How many of the requests that came match. */
  count(match: Match): number {
    return this.requests.filter(match).length;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = see(request);
    this.requests.push(seen);
    const fault = this.#faultFor(seen);
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'delay') await delay(fault.ms);
    if (fault?.kind === 'answer') {
      const { status, body, headers } = fault.answer;
      // Whoever uploads is heard out first: a reset while it still sends would hide the answer.
      request.resume();
      if (!request.complete) await once(request, 'end');
      return void response.writeHead(status, { ...headers }).end(body);
    }
    const answer = await this.#ask(request, fault?.kind === 'ignore-range');
    await passOn(answer, response, fault);
  }

  #faultFor(seen: SeenRequest): HttpFault | undefined {
    const plan = this.#plans.find(({ match, timesLeft }) => timesLeft > 0 && match(seen));
    if (plan) plan.timesLeft -= 1;
    return plan?.fault;
  }

  /** All headers go on as they came, Host too, as they may be signed. */
  async #ask(request: IncomingMessage, withoutRange: boolean): Promise<IncomingMessage> {
    const { method, url, rawHeaders } = request;
    const asked = withoutRange ? wholeOf(request) : { path: url, headers: rawHeaders };
    const { hostname, port } = this.#behind;
    const upstream = openRequest({ hostname, port, method, ...asked });
    request.pipe(upstream);
    const [answer] = await once(upstream, 'response');
    // A server that answers before it has read all closes under what is still sent to it.
    upstream.on('error', () => {});
    return answer as IncomingMessage;
  }
}

function see({ method = '', url = '', headers }: IncomingMessage): SeenRequest {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const range = headers['x-ms-range'] ?? headers.range;
  return {
    ...{ method, headers, path: decodeURIComponent(pathname), query: searchParams },
    range: range as string | undefined,
  };
}

/** The same request for the whole file. */
function wholeOf({ url = '', headers, rawHeaders }: IncomingMessage): { path: string; headers: string[] } {
  if (headers['x-ms-range'] === undefined) return { path: url, headers: without(rawHeaders, ['range']) };
  // Azure's header of the range is part of the signature.
  return {
    path: azureReadWithoutRange(url),
    headers: without(rawHeaders, ['x-ms-range', 'authorization']),
  };
}

function without(rawHeaders: readonly string[], names: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => !names.includes((rawHeaders[at - (at % 2)] as string).toLowerCase()));
}

/** Sends an answer on as the fault has it. */
async function passOn(answer: IncomingMessage, response: ServerResponse, fault?: HttpFault): Promise<void> {
  const socket = response.socket as Socket;
  response.once('close', () => answer.destroy()).on('error', () => {});
  response.sendDate = false;
  const headers = without(answer.rawHeaders, HOP_BY_HOP);
  response.writeHead(answer.statusCode as number, answer.statusMessage as string, headers);
  response.flushHeaders();
  const limit = fault && 'afterBytes' in fault ? fault.afterBytes : Number.POSITIVE_INFINITY;
  let sent = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const piece = chunk.subarray(0, limit - sent);
    if (fault?.kind === 'flip') flip(piece, fault.position - sent);
    sent += piece.length;
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (sent >= limit || response.destroyed) break;
  }
  if (fault?.kind === 'reset') await resetSoon(socket);
  else if (fault?.kind === 'short') socket.end();
  else if (fault?.kind !== 'stall') response.end();
}

function flip(piece: Buffer, at: number): void {
  const byte = piece[at];
  if (byte !== undefined) piece[at] = byte ^ 0xff;
}
