import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { SignedRequests } from '../../../src/rest/doors/signed-requests.ts';
import { GroupFigures } from '../../../src/rest/group/group-figures.ts';
import { OtherWorkers } from '../../../src/rest/group/other-workers.ts';
import { RestApp } from '../../../src/rest/rest-app.ts';
import { RestError } from '../../../src/rest/rest-error.ts';

const OWN = { version: '0.1.0', startedAt: 1, rssBytes: 1, rowsPerSecond: 5 };
const KEY = randomBytes(32);
const signed = new SignedRequests(() => [KEY]);

/** Another worker of the group; without an answer it knows no such path, as an older one. */
async function other(answer?: (path: string) => unknown) {
  const app = new RestApp({
    listener: { protocol: 'http', host: '127.0.0.1', port: 0 },
    ...{ tls: null, authentication: null, signed: new SignedRequests(() => [KEY]), onFault: () => {} },
  });
  if (answer !== undefined) app.json('GET', '/console/figures', ({ url }) => answer(url));
  const url = await app.listen();
  onTestFinished(() => app.close());
  return url;
}

function figuresOf(urls: readonly string[], keys = signed) {
  const members = ['http://own:1', ...urls].map((url) => ({
    ...{ url, workerId: url.slice('http://'.length), name: url },
    ...{ leads: false, labels: {}, tasks: [] },
  }));
  const read: string[] = [];
  const figures = new GroupFigures({
    groupId: 'feeds',
    members: { look: async () => ({ members, isSharingOut: false, trouble: null }) },
    others: new OtherWorkers({ signed: keys, certificates: null }),
    workerId: () => 'own:1',
    onReading: (feed, files) => void read.push(...files.map(({ file }) => `${feed} ${file}`)),
  });
  return { figures, read };
}

const told = (rows: number, more = {}) => ({
  worker: { ...OWN, startedAt: 7 },
  feeds: [
    { name: 'trades', rows: { read: rows, produced: rows, filtered: 0, rejected: 0 }, rowsPerSecond: rows },
  ],
  ...{ curves: {}, details: {}, expectations: [], log: { lines: [], next: 3 } },
  ...more,
});

test('what the others count is there once they were asked, and what they tell of files that they read', async () => {
  const asked: string[] = [];
  const url = await other((path) => {
    asked.push(path);
    const detail = { topics: { t: 4 }, rejectedBy: {}, rejections: [], reading: [{ file: 'a.csv' }] };
    return told(4, { curves: { trades: [1, 2] }, details: { trades: detail } });
  });
  const { figures, read } = figuresOf([url]);
  await figures.refresh(['trades']);
  expect(figures.countsOf('trades')).toEqual([told(4).feeds[0]]);
  expect(figures.curvesOf('trades')).toEqual([[1, 2]]);
  await figures.refresh(['trades']);
  // What was told goes on; only the first time all of it is asked for.
  expect(figures.curvesOf('trades')[0]?.slice(-3)).toEqual([1, 2, 4]);
  expect(asked).toEqual([
    '/console/figures?line=0&curves=true&feed=trades',
    '/console/figures?line=3&feed=trades',
  ]);
  expect(read).toEqual(['trades a.csv', 'trades a.csv']);
  expect(figures.shown(OWN, 9).workers).toMatchObject([
    { isAsked: true, told: OWN, trouble: null },
    { isAsked: false, told: { startedAt: 7 }, trouble: null },
  ]);
});

test('each that tells nothing is told with the reason, and what it told before stays, without a rate', async () => {
  let isWell = true;
  const failing = await other(() => {
    if (isWell) return told(4);
    throw new RestError(503, 'not now');
  });
  const urls = [await other(), failing, 'http://127.0.0.1:1'];
  const { figures } = figuresOf(urls);
  await figures.refresh([]);
  isWell = false;
  await figures.refresh([]);
  const [, older, busy, gone] = figures.shown(OWN, 9).workers;
  expect(older).toMatchObject({ told: null, trouble: 'it is of a version that tells others no figures' });
  expect(busy).toMatchObject({
    told: { startedAt: 7 },
    trouble: expect.stringMatching(/^it answers 503: .*not now/),
  });
  expect(gone).toMatchObject({ told: null, trouble: expect.stringContaining('ECONNREFUSED') });
  expect(figures.countsOf('trades')).toEqual([{ ...told(4).feeds[0], rowsPerSecond: 0 }]);
});

test('one whose answer does not come is waited for no longer than others take, and told when it is late', async () => {
  const hung = await other(() => new Promise(() => {}));
  const well = await other(() => told(2));
  const { figures } = figuresOf([hung, well]);
  await figures.refresh([]);
  expect(figures.countsOf('trades')).toHaveLength(1);
  const troubles = () => figures.shown(OWN, 9).workers.map(({ trouble }) => trouble);
  expect(troubles()).toEqual([null, null, null]);
  await figures.refresh([], true);
  expect(troubles()).toEqual([null, 'nothing came within 3 s', null]);
});

test('without a key nothing is asked, and that is told', async () => {
  const url = await other(() => told(2));
  const { figures } = figuresOf([url], new SignedRequests(() => []));
  await figures.refresh([]);
  expect(figures.shown(OWN, 9).workers[1]?.trouble).toBe('there is no key yet to sign what it is asked');
});
