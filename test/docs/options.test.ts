import { expect, test } from 'vitest';
import { optionTables, tablesIn, withTables } from '../../scripts/docs/option-tables.ts';
import { pages } from './markdown.ts';

test('the tables of options say what the definitions say; node scripts/docs.ts writes them anew', async () => {
  const tables = await optionTables();
  for (const { path, text } of pages()) expect(withTables(text, tables), path).toBe(text);
});

test('every definition has its table, once', async () => {
  const documented = pages().flatMap(({ text }) => tablesIn(text));
  expect(documented.toSorted()).toEqual([...(await optionTables()).keys()].sort());
});
