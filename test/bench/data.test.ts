import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { dataSet } from '../../bench/data/data-set.ts';
import { halved } from '../../bench/data/halved.ts';
import { headerLine, type Row, rowsOf } from '../../bench/data/rows.ts';
import { FEEDS } from '../../bench/feeds/index.ts';
import { reference } from '../../bench/feeds/reference.ts';

const ROWS = 200;

describe.each(FEEDS.map((feed) => [feed.name, feed.table] as const))(
  'the rows of feed %s',
  (_name, table) => {
    const rows = [...rowsOf(table, ROWS, 42)];

    test('are the same for the same seed', () => {
      expect([...rowsOf(table, ROWS, 42)]).toEqual(rows);
    });

    test('are others for another seed', () => {
      expect(csvOf([...rowsOf(table, ROWS, 43)])).not.toBe(csvOf(rows));
    });

    test('begin with the same rows whatever their count', () => {
      expect([...rowsOf(table, 10, 42)]).toEqual(rows.slice(0, 10));
    });

    test('are CSV that has the cells of the JSON values', () => {
      const cells = parse(headerLine(table) + csvOf(rows), { columns: true }) as Record<string, string>[];
      expect(cells).toHaveLength(ROWS);
      for (const [index, { key, value }] of rows.entries()) {
        const record = JSON.parse(value) as Record<string, string | number>;
        expect(Object.keys(record)).toEqual(table.columns.map(({ name }) => name));
        for (const { name, type } of table.columns) {
          const cell = cells[index]?.[name];
          expect(record[name]).toBe(type === 'long' || type === 'double' ? Number(cell) : cell);
        }
        expect(cells[index]?.[table.key]).toBe(key);
      }
    });
  },
);

test('the feed of quoted text has line ends, delimiters and quotes in its cells', () => {
  const quoted = FEEDS.find(({ name }) => name === 'quoted');
  const csv = csvOf([...rowsOf((quoted ?? expect.fail()).table, ROWS, 42)]);
  expect(csv).toMatch(/"[^"\n]*\n/);
  expect(csv).toContain('""go""');
  expect(csv.split('\n').length).toBeGreaterThan(ROWS + 1);
});

test('a file in two halves has its rows, with its header in each', async () => {
  const { csvPath } = await dataSet(reference.table, ROWS);
  const text = readFileSync(csvPath, 'utf8');
  const halves = (await halved(csvPath)).map((path) => readFileSync(path, 'utf8'));
  const header = headerLine(reference.table);
  const bodies = halves.map((half) => half.slice(header.length));
  expect(halves.map((half) => half.slice(0, header.length))).toEqual([header, header]);
  expect(header + bodies.join('')).toBe(text);
  expect(bodies.every((body) => body.length > text.length / 3)).toBe(true);
});

function csvOf(rows: readonly Row[]): string {
  return rows.map(({ csv }) => csv).join('');
}
