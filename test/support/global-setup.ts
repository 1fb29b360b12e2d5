import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import { SHARED_SERVERS, type SharedName, type SharedServer } from './shared-servers.ts';

/** Whoever asks is told to ask again after this, as no client waits forever for its answer. */
const PATIENCE_MS = 30_000;

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for the servers that all test files share. */
    readonly sharedServersUrl: string;
  }
}

/**
 * One server of each kind for a whole `vitest run`, started when the first test file asks for it: a run of unit tests
 * alone starts nothing and needs neither Docker nor Java.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<SharedName, Promise<SharedServer>>();
  const server = createServer((request, response) => {
    const name = (request.url as string).slice(1) as SharedName;
    const starting = started.get(name) ?? SHARED_SERVERS[name]();
    started.set(name, starting);
    Promise.race([starting, delay(PATIENCE_MS, undefined, { ref: false })]).then(
      (server) => (server ? response.end(JSON.stringify(server.given)) : response.writeHead(202).end()),
      (error: Error) => response.writeHead(503).end(error.message),
    );
  });
  project.provide('sharedServersUrl', await listen(server));
  return async () => {
    server.close();
    server.closeAllConnections();
    const outcomes = await Promise.allSettled(started.values());
    await Promise.all(outcomes.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)));
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
