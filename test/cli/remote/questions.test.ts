import { expect, test } from 'vitest';
import { CTRL, HAS_TERMINALS, onTerminal } from '../support/on-terminal.ts';
import { recordedWorker } from './recorded-worker.ts';

const DELETE = 'DELETE /connectors/trades';
const QUESTION = 'Delete trades? Its tasks end, its configuration is gone. [y/N] ';

test.runIf(HAS_TERMINALS)(
  'the password is asked for and not shown, and the question is seen with its answer',
  async () => {
    const { asked, url } = await recordedWorker({ [DELETE]: { status: 204 } });
    const terminal = onTerminal(['delete', 'trades', '--user', 'ann', '--url', url]);
    await terminal.shown(/gone\. \[y\/N\] $/);
    terminal.type('y\r');
    await terminal.shown(/password of ann: $/);
    terminal.type('sesame\r');
    const { code, screen } = await terminal.ended;
    expect(screen.replaceAll('\r', '').split('\n').slice(0, 3)).toEqual([
      `${QUESTION}y`,
      'password of ann: ',
      'trades: deleted; its offsets are kept, so that one of this name goes on where it was',
    ]);
    expect(code).toBe(0);
    const authorization = `Basic ${Buffer.from('ann:sesame').toString('base64')}`;
    expect(asked).toMatchObject([{ line: DELETE, headers: { authorization } }]);
  },
);

test.runIf(HAS_TERMINALS)('the password is asked for once, however much is asked of the worker', async () => {
  const { asked, url } = await recordedWorker({
    'GET /connectors/trades/files': { status: 200, body: [{ file: 'a.csv' }] },
    'GET /connectors/trades/offsets': { status: 200, body: { offsets: [] } },
    'PATCH /connectors/trades/offsets': { status: 200, body: { message: 'altered' } },
  });
  const terminal = onTerminal(['files', 'forget', 'trades', 'a.csv', '--user', 'ann', '--url', url]);
  await terminal.shown(/password of ann: $/);
  terminal.type('sesame\r');
  const { code, screen } = await terminal.ended;
  expect(screen.replaceAll('\r', '')).toBe('password of ann: \ntrades: 1 file forgotten\n');
  expect([code, asked.length]).toEqual([0, 3]);
});

test.runIf(HAS_TERMINALS)('who ends the question keeps the connector', async () => {
  const { asked, url } = await recordedWorker({});
  const terminal = onTerminal(['delete', 'trades', '--url', url]);
  await terminal.shown(/gone\. \[y\/N\] $/);
  terminal.type(CTRL.c);
  const { code, screen } = await terminal.ended;
  expect([code, screen.replaceAll('\r', '')]).toEqual([130, QUESTION]);
  expect(asked).toEqual([]);
});
