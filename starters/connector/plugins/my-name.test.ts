import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { testSourceConnector } from 'headrace/testing';
import plugin from './my-name.ts';

const FILES: Readonly<Record<string, string>> = {
  '/payments.csv': 'account,amount\n12345678,9.50\n87654321,20\n',
  '/refunds.csv': 'account,amount\n12345678,1.50',
};

let asked = 0;
const server = createServer(({ url = '' }, response) => {
  asked += 1;
  const text = FILES[url];
  if (text === undefined) response.writeHead(404).end();
  else response.end(text);
});
await once(server.listen(0, '127.0.0.1'), 'listening');
after(() => server.close().closeAllConnections());

const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

// What every source must do, tried with these files: gone on with behind each line, stopped anywhere, run again.
for (const { name, run } of testSourceConnector(plugin, {
  options: {
    urls: Object.keys(FILES)
      .map((path) => place + path)
      .join(),
  },
  files: Object.entries(FILES).map(([path, content]) => ({ path: place + path, content })),
  // How many files it has asked for: no more than are wanted of it.
  opened: () => asked,
  failing: [{ options: { urls: `${place}/nothing.csv` }, message: 'the server answered 404' }],
}))
  test(name, run);
