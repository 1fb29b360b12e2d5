import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { readFiles } from 'headrace/testing';
import plugin from './my-name.ts';

const server = createServer(({ url }, response) => {
  if (url === '/payments.csv') response.end('account,amount\n12345678,9.50\n');
  else response.writeHead(404).end();
});
await once(server.listen(0, '127.0.0.1'), 'listening');
after(() => server.close());

const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const urls = `${place}/payments.csv`;

test('a file is read from its URL', async () => {
  const [file] = await readFiles(plugin, { urls });
  assert.equal(file?.path, urls);
  assert.equal(file.content.toString(), 'account,amount\n12345678,9.50\n');
});

test('a file that was delivered is not read again', async () => {
  const delivered = await readFiles(plugin, { urls });
  assert.deepEqual(await readFiles(plugin, { urls }, delivered), []);
});

test('one that was delivered in part is read from there', async () => {
  const [file] = await readFiles(plugin, { urls });
  assert.ok(file);
  const partly = { ...file, offset: { ...file.offset, position: 15, row: 0, line: 1, head: 15, eof: false } };
  const [rest] = await readFiles(plugin, { urls }, [partly]);
  assert.equal(rest?.content.toString(), '12345678,9.50\n');
});

test('a file that is not there says so', async () => {
  await assert.rejects(readFiles(plugin, { urls: `${place}/nothing.csv` }), /the server answered 404/);
});
