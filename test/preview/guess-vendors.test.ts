import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NOT_GUESSED } from '../../scripts/docs/vendor-files.ts';
import { guessFile } from '../../src/preview/guess/guess-file.ts';
import { ROOT } from '../docs/markdown.ts';

const VENDORS = join(ROOT, 'test/fixtures/vendors');

/** Files of which what is expected are not all rows, or not each once: how many there are. */
const ROWS: Readonly<Record<string, number>> = {
  // Its feed makes a record of each currency.
  'ecb-reference-rates': 4,
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
  if (NOT_GUESSED[name] === undefined) expect(guess.check.rows).toBe(expected);
  else expect(guess.check.rows).toBeGreaterThanOrEqual(expected);
});

test('at least 34 of 40 kinds of file are loaded without a change', () => {
  expect(names.length - Object.keys(NOT_GUESSED).length).toBeGreaterThanOrEqual(34);
  expect(Object.keys(NOT_GUESSED).filter((name) => !names.includes(name))).toEqual([]);
});
