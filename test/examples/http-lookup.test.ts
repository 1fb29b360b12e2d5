import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';
import type { SourceRecord } from '../../src/plugin/index.ts';
import { transformRows } from '../../src/testing/index.ts';
import { exampleFolder } from '../docs/feed-blocks.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { schemaOf } from '../transforms/connect/shared/support.ts';
import { makeTransformation, recordOf } from '../transforms/support.ts';
import { type Answer, CompanyService, known, status } from './company-service.ts';

const shown = blocksOf(page('docs/enrich.md')).filter(({ lang }) => lang === 'ts');
const folder = exampleFolder(shown);
afterAll(() => rmSync(folder, { recursive: true }));
const loader = createPluginLoader({ pluginPath: [join(folder, 'plugins')] });
const plugin = await loader.load('transformation', 'http-lookup');

/** What becomes of rows with these symbols: the id that was looked up, or the rejection. */
async function lookedUp(
  { url }: CompanyService,
  symbols: readonly string[],
  options: Readonly<Record<string, string>> = {},
): Promise<(string | null)[]> {
  const all = { url, key: 'symbol', fields: 'id', ...options };
  const rows = await transformRows(
    plugin,
    all,
    symbols.map((symbol) => ({ symbol })),
  );
  return rows.map((row) => {
    if (row.outcome === 'filtered') return 'filtered';
    if (row.outcome === 'rejected') return `${row.rejection.errorName}: ${row.rejection.message}`;
    const [{ value }] = row.records as readonly [SourceRecord];
    return (value as { id: string | null }).id;
  });
}

test('docs/enrich.md shows the plugin as it is', () => {
  const name = 'plugins/http-lookup.ts';
  expect(shown.map(({ note, text }) => [note, text])).toEqual([[name, page(`examples/${name}`).text]]);
});

describe('the rows', () => {
  it('keep their order, with eight of them on their way at once', async () => {
    const symbols = Array.from({ length: 41 }, (_, index) => `S${index}`);
    const held: (() => void)[] = [];
    // The first row goes alone: only its promise says that the plugin is asynchronous.
    const service = await CompanyService.start((response, symbol) => {
      held.push(() => known(response, symbol));
      const isLast = service.asked.length === symbols.length;
      if (service.asked.length === 1 || isLast) for (const answer of held.splice(0)) answer();
      // The latest first, after some time for more than eight to come.
      else if (held.length === 8) setTimeout(() => held.pop()?.(), 20);
    });
    expect(await lookedUp(service, symbols)).toEqual(symbols.map((symbol) => `#${symbol}`));
    expect(service.mostWaiting).toBe(8);
  });

  it('get the fields that are asked for, as text, and null for what the answer lacks', async () => {
    const { url } = await CompanyService.start();
    const options = { url, key: 'symbol', fields: 'id, size, name' };
    const [row] = await transformRows(plugin, options, [{ symbol: 'BHP' }]);
    expect(row?.outcome === 'records' && row.records[0]?.value).toEqual({
      ...{ symbol: 'BHP', id: '#BHP' },
      ...{ size: '7', name: null },
    });
  });

  it('have one widened schema for each schema', async () => {
    const { url } = await CompanyService.start();
    const transformation = await makeTransformation(plugin, { url, key: 'symbol', fields: ['id'], tries: 1 });
    onTestFinished(() => transformation.close?.());
    const valueSchema = schemaOf({ symbol: 'string' });
    const records = ['BHP', 'RIO'].map((symbol) => ({ ...recordOf({ symbol }), valueSchema }));
    for (const record of records) await transformation.apply(record);
    expect(records[0]?.valueSchema.fields).toEqual([
      ...valueSchema.fields,
      { name: 'id', type: 'string', optional: true },
    ]);
    expect(records[0]?.valueSchema).toBe(records[1]?.valueSchema);
  });
});

describe('the cache', () => {
  it('saves requests, those of rows that ask at the same time as well', async () => {
    const service = await CompanyService.start();
    const symbols = Array.from({ length: 30 }, (_, index) => `S${index % 3}`);
    expect(await lookedUp(service, symbols)).toEqual(symbols.map((symbol) => `#${symbol}`));
    expect(service.asked.toSorted()).toEqual(['S0', 'S1', 'S2']);
  });

  it('keeps what was asked for last', async () => {
    const service = await CompanyService.start();
    await lookedUp(service, ['A', 'B', 'A', 'C', 'A', 'B'], { 'cache.size': '2' });
    expect(service.asked.toSorted()).toEqual(['A', 'B', 'B', 'C']);
  });

  it('forgets after its time', async () => {
    const service = await CompanyService.start();
    await lookedUp(service, ['A', 'A'], { 'cache.ttl.ms': '0' });
    expect(service.asked).toEqual(['A', 'A']);
  });

  it('remembers that there is nothing, and forgets what went wrong', async () => {
    const service = await CompanyService.start((response, symbol) => {
      const isFirst = service.asked.length === 1;
      (isFirst ? status(400) : symbol === 'A' ? status(404) : known)(response, symbol);
    });
    expect(await lookedUp(service, ['B', 'A', 'A', 'B'])).toEqual([
      `LookupRefused: GET ${service.url}B: 400 Bad Request`,
      null,
      null,
      '#B',
    ]);
    expect(service.asked.toSorted()).toEqual(['A', 'B', 'B']);
  });
});

describe('a row whose key the service', () => {
  it('does not know has null, or is rejected', async () => {
    const service = await CompanyService.start(status(404));
    expect(await lookedUp(service, ['BHP'])).toEqual([null]);
    expect(await lookedUp(service, ['BHP', ''], { 'on.missing': 'reject' })).toEqual([
      `LookupMissed: symbol: ${service.url} has nothing for "BHP"`,
      `LookupMissed: symbol: ${service.url} has nothing for ""`,
    ]);
  });

  it('cannot understand is rejected alone', async () => {
    const service = await CompanyService.start((response, symbol) =>
      (symbol === 'B/P' ? status(400) : known)(response, symbol),
    );
    expect(await lookedUp(service, ['BHP', 'B/P', 'RIO'])).toEqual([
      '#BHP',
      `LookupRefused: GET ${service.url}B%2FP: 400 Bad Request`,
      '#RIO',
    ]);
  });

  it('must not be asked for, since it would be another address, is as if unknown', async () => {
    const service = await CompanyService.start();
    expect(await lookedUp(service, ['..', '.', ''])).toEqual([null, null, null]);
    expect(service.asked).toEqual([]);
  });
});

describe('a service that is away', () => {
  it('is asked again', async () => {
    const service = await CompanyService.start((response, symbol) =>
      (service.asked.length < 3 ? status(503) : known)(response, symbol),
    );
    expect(await lookedUp(service, ['BHP'])).toEqual(['#BHP']);
    expect(service.asked).toEqual(['BHP', 'BHP', 'BHP']);
  });

  const timedOut = 'The operation was aborted due to timeout';
  it.each<[string, Answer, timeoutMs: string, string]>([
    ['answers with an error', status(500), '20000', '500 Internal Server Error'],
    ['does not let the worker in', status(401), '20000', '401 Unauthorized'],
    ['hangs up', (response) => void response.destroy(), '20000', 'fetch failed'],
    ['never answers', () => {}, '100', timedOut],
    ['answers half', (response) => void response.write('{"id":'), '100', timedOut],
  ])('ends the task, to be tried again, and rejects no row: it %s', async (_, answer, timeoutMs, reason) => {
    const service = await CompanyService.start(answer);
    const failure = lookedUp(service, ['BHP', 'RIO'], { tries: '2', 'timeout.ms': timeoutMs });
    await expect(failure).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      retriable: true,
      message: `http-lookup: ${service.url.slice(0, -1)} did not answer in 2 tries: ${reason}`,
    });
    expect(service.asked).toEqual(['BHP', 'BHP']);
  });
});
