import { expect, test } from 'vitest';
import { listsIn, optionLists, withLists } from '../../scripts/docs/option-lists.ts';
import { pages } from './markdown.ts';

test('the lists of options say what the definitions say; node scripts/docs.ts writes them anew', async () => {
  const lists = await optionLists();
  for (const { path, text } of pages()) expect(withLists(text, lists), path).toBe(text);
});

test('every definition has its list, once', async () => {
  const documented = pages().flatMap(({ text }) => listsIn(text));
  expect(documented.toSorted()).toEqual([...(await optionLists()).keys()].sort());
});
