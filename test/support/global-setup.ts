import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import { SHARED_SERVERS, type SharedName, type SharedServer } from './shared-servers.ts';

const ROOT = join(import.meta.dirname, '../..');

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
  buildIfChanged();
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

/** Commands and daemons are tested as users have them. */
function buildIfChanged(): void {
  const sources = ['src', 'connectors', 'transforms', 'kernels'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  const builtMs = statSync(join(ROOT, 'dist/src/cli/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((file) => statSync(file).mtimeMs <= builtMs)) return;
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: ROOT, stdio: 'inherit' });
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
