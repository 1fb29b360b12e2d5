import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { whySilent } from '../../../src/cli/group/answers.ts';

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what answers at all answers, whatever it says', async () => {
  const asked: string[] = [];
  const url = await listening(({ url = '' }, answer) => {
    asked.push(url);
    answer.writeHead(503).end();
  });
  expect(await whySilent(url)).toBeNull();
  expect(asked).toEqual(['/health']);
});

test('where nothing listens, and where nothing comes, it is told', async () => {
  expect(await whySilent('http://127.0.0.1:1')).toMatch(/ECONNREFUSED/);
  expect(await whySilent(await listening(() => {}))).toBe('nothing came within 3 s');
});
