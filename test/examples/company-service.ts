import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Answers a request for a company, now or later. */
export type Answer = (response: ServerResponse, symbol: string) => void;

/** A web service that knows companies by symbol, counts what it is asked, and ends with the test. */
export class CompanyService {
  readonly url: string;
  /** The symbols that were asked for, in that order. */
  readonly asked: string[] = [];
  /** Requests that wait for their answer. */
  waiting = 0;
  /** The most that waited at once. */
  mostWaiting = 0;

  private constructor(url: string) {
    this.url = url;
  }

  static async start(answer: Answer = known): Promise<CompanyService> {
    const server = createServer((request, response) => {
      const symbol = decodeURIComponent(String(request.url).split('/').at(-1) as string);
      service.asked.push(symbol);
      service.waiting++;
      service.mostWaiting = Math.max(service.mostWaiting, service.waiting);
      response.once('close', () => service.waiting--);
      answer(response, symbol);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const service = new CompanyService(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/companies/`,
    );
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return service;
  }
}

export function known(response: ServerResponse, symbol: string): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: `#${symbol}`, size: 7 }));
}

/** An answer without content. */
export function status(code: number): Answer {
  return (response) => void response.writeHead(code).end('sorry');
}
