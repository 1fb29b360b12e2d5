import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { vendorFiles, withVendorFiles } from '../../scripts/docs/vendor-files.ts';
import { runFeed } from '../../src/testing/index.ts';
import { page } from '../docs/markdown.ts';

/** A feed of more lines is no small thing to write any more. */
const MOST_LINES = 25;

const files = vendorFiles();

test('There are forty kinds of files, and the page of them is as they are; node scripts/docs.ts writes it anew', () => {
  expect(files).toHaveLength(40);
  const { text } = page('docs/vendor-files.md');
  expect(withVendorFiles(text, files)).toBe(text);
});

describe.each(files)('$kind', ({ name, path, feedPath, lines, expected }) => {
  it('is loaded by a feed of few lines, without a plugin', () => {
    expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
    expect(lines).toContain(`input.path: ./${basename(path)}`);
    expect(lines).toContain(`name: ${name}`);
  });

  it('becomes exactly the records that it holds', async () => {
    const rows = await runFeed(feedPath, readFileSync(path), { path: basename(path) });
    expect(rows.filter(({ outcome }) => outcome === 'rejected')).toEqual([]);
    const records = rows.flatMap((row) => (row.outcome === 'sent' ? row.records : []));
    expect(records.map(({ valueBytes }) => String(Buffer.from(valueBytes ?? [])))).toEqual(expected);
    expect(new Set(records.map(({ topic }) => topic))).toEqual(new Set([name]));
  });
});
