import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guessFile } from '../../src/preview/guess/guess-file.ts';
import { ROOT } from '../docs/markdown.ts';

const VENDORS = join(ROOT, 'test/fixtures/vendors');

/** Files of which what is expected are not all rows, or not each once: how many there are. */
const ROWS: Readonly<Record<string, number>> = {
  // Its feed makes a record of each currency.
  'ecb-reference-rates': 4,
};

/** Those that are not loaded as they should be without a change, and why. */
const LEFT: Readonly<Record<string, string>> = {
  'aemo-nem': 'two tables have the same first cell, and are read as one',
  'interactive-brokers': 'rows of subtotals are rows of the section',
  'jpx-listed-issues': 'Shift JIS is read as windows-1252',
  'quickbooks-report': 'lines of accounts and totals stand between the rows',
};

const names = readdirSync(VENDORS);

async function guessed(name: string) {
  const folder = join(VENDORS, name);
  const [file = ''] = readdirSync(folder).filter((one) => !/^expected\.|\.yaml$/.test(one));
  const absolute = join(folder, file);
  const expected = readFileSync(join(folder, 'expected.jsonl'), 'utf8').trimEnd().split('\n').length;
  return {
    guess: await guessFile({ shown: file, path: absolute, absolute }),
    expected: ROWS[name] ?? expected,
  };
}

test.each(names)('the feed that is guessed for %s rejects none of its rows', async (name) => {
  const { guess, expected } = await guessed(name);
  expect(guess.check).toMatchObject({ isWhole: true, rejected: 0, left: [] });
  if (LEFT[name] === undefined) expect(guess.check.rows).toBe(expected);
  else expect(guess.check.rows).toBeGreaterThanOrEqual(expected);
});

test('at least 34 of 40 kinds of file are loaded without a change', () => {
  expect(names.length - Object.keys(LEFT).length).toBeGreaterThanOrEqual(34);
  expect(Object.keys(LEFT).filter((name) => !names.includes(name))).toEqual([]);
});
