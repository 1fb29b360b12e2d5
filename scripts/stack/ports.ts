import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

/*
 * Below the range from which Linux, macOS and Windows take the ports of outgoing connections: a port found
 * free here stays free until its server binds it, and while a killed broker waits to be started again.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 200;

/**
 * As many free ports of 127.0.0.1 as asked for, all different. `preferred` are taken first where they are free.
 */
export async function freePorts(count: number, preferred: readonly number[] = []): Promise<number[]> {
  const found: number[] = [];
  const candidates = [...preferred];
  for (let attempt = 0; found.length < count && attempt < ATTEMPTS; attempt += 1) {
    const port = candidates.shift() ?? LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  if (found.length < count)
    throw new StackError(`No free port between ${LOWEST} and ${HIGHEST} on 127.0.0.1.`);
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
