import { expect, test, vi } from 'vitest';
import { type RestDaemon, startRestDaemon } from '../../rest/rest-daemon.ts';
import { uniqueName } from '../../support/stack.ts';
import { CTRL, HAS_TERMINALS, onTerminal } from '../support/on-terminal.ts';
import { headrace } from '../support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const HEADER = 'symbol,price\n';

const feed = (name: string, more: Readonly<Record<string, string>> = {}) => ({
  name,
  'transforms.validate.type': 'schema',
  'transforms.validate.fields.symbol': 'string',
  'transforms.validate.fields.price': 'long',
  transforms: 'parse,validate,route',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': `${name}.dlq`,
  ...more,
});

const tap = (...args: readonly string[]) => headrace(['tap', ...args], { cwd: import.meta.dirname });

/** Drops a file with a new name every now and then until the work is done: nobody knows when a tap is there. */
async function whileFilesCome<T>({ folder }: RestDaemon, rows: string, work: Promise<T>): Promise<T> {
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  for (let number = 0; !isOver; number++) {
    await folder.write(`drop/${number}.csv`, HEADER + rows);
    await Promise.race([done.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 300))]);
  }
  return done;
}

test('tap prints records behind the last stage as they come, and ends after so many', async () => {
  const name = uniqueName('tap');
  const daemon = await startRestDaemon([feed(name)]);
  const { code, stdout, stderr } = await whileFilesCome(
    daemon,
    'BHP,1\nRIO,abc\n',
    tap(name, '--url', daemon.url, '--limit', '2'),
  );
  expect(stdout).toMatch(/^(\d+\.csv row 1 {2}\S+ {2}(BHP {2})?\{"symbol":"BHP","price":1\}\n){2}$/);
  expect(stderr).toContain(`${name} after route; Ctrl-C ends`);
  expect(stderr).toContain('2 records shown');
  expect(code).toBe(0);
});

test('tap prints records behind any stage as JSON, with all digits, a line each', async () => {
  const name = uniqueName('tap');
  const daemon = await startRestDaemon([feed(name)]);
  const args = ['--where', 'symbol=RIO', '--limit', '1', '--json', '--url', daemon.url];
  const rows = 'BHP,1\nRIO,9007199254740993\n';
  const checked = await whileFilesCome(daemon, rows, tap(name, '--stage', 'validate', ...args));
  expect(checked.stdout).toMatch(/"value":\{"symbol":"RIO","price":9007199254740993\}\}\n$/);
  expect(JSON.parse(checked.stdout)).toMatchObject({ row: 2, line: 3, task: 0, topic: null });
  const parsed = await whileFilesCome(daemon, rows, tap(name, '--stage', 'parse', ...args));
  expect(JSON.parse(parsed.stdout).value).toEqual({ symbol: 'RIO', price: '9007199254740993' });
});

test('tap tells a feed, stage or field that is not there, and which was meant', async () => {
  const name = uniqueName('tap');
  const masked = feed('masked', { 'input.path': './masked', 'errors.log.include.values': 'false' });
  const daemon = await startRestDaemon([feed(name), masked]);
  const told = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await tap(...args, '--url', daemon.url);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr;
  };
  expect(await told(`${name}x`)).toBe(`Connector ${name}x not found; did you mean ${name}?\n`);
  expect(await told(name, '--stage', 'vaildate')).toBe(
    'stage: expected one of parse, validate, route, got "vaildate"; did you mean validate?\n',
  );
  expect(await told(name, '--where', 'symbol')).toBe(
    'where: expected field=value, such as symbol=BHP, got "symbol"\n',
  );
  expect(await told('masked', '--where', 'symbol=BHP')).toMatch(
    /^where: values of masked are not to be shown \(errors\.log\.include\.values: false\)/,
  );
  const field = await whileFilesCome(daemon, 'BHP,1\n', told(name, '--where', 'pirce=1'));
  expect(field).toMatch(
    /where: \d+\.csv has no field "pirce": its records have symbol, price; did you mean "price"\?\n/,
  );
});

test('tap tells where no worker answers', async () => {
  const { code, stderr } = await tap('trades', '--url', 'http://127.0.0.1:1');
  expect(code).toBe(4);
  expect(stderr).toMatch(/^--url: no worker answers at http:\/\/127\.0\.0\.1:1: /);
});

test.skipIf(!HAS_TERMINALS)(
  'on a terminal tap goes on while its feed is paused and resumed, and ends with Ctrl-C or with the worker',
  async () => {
    const name = uniqueName('tap');
    const daemon = await startRestDaemon([feed(name)]);
    const put = (what: string) => fetch(`${daemon.url}/connectors/${name}/${what}`, { method: 'PUT' });
    await daemon.daemon.waitFor('worker started');
    const first = onTerminal(['tap', name, '--url', daemon.url]);
    await first.shown(/after route; Ctrl-C ends/);
    await put('pause');
    await first.shown(new RegExp(`${name} is PAUSED`));
    await put('resume');
    await whileFilesCome(daemon, 'BHP,1\n', first.shown(/"symbol":"BHP"/));
    first.type(CTRL.c);
    const { code, screen } = await first.ended;
    expect(screen).toMatch(/records? shown/);
    expect(code).toBe(0);
    const second = onTerminal(['tap', name, '--url', daemon.url]);
    await second.shown(/after route; Ctrl-C ends/);
    await daemon.daemon.kill();
    expect((await second.ended).code).toBe(4);
  },
);
