import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readOne } from './support.ts';

const PAGE = readFileSync(new URL('../../../docs/types.md', import.meta.url), 'utf8');
/** `| `decimal`, `scale: 2` | `1.25` | `1.25` |`, or the word rejected instead of a value. */
const EXAMPLE = /^\| (`[^|]+`) \| `([^`|]+)` \| (?:`([^`|]+)`|(rejected)) \|$/gm;

const examples = [...PAGE.matchAll(EXAMPLE)].map(([, field = '', cell = '', value, rejected]) => {
  const [type = '', ...settings] = [...field.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
  const fields = settings.flatMap((setting) => Object.entries(parse(setting) as object));
  return {
    field,
    cell,
    fields: Object.fromEntries([['x', type], ...fields.map(([name, text]) => [`x.${name}`, String(text)])]),
    expected: value ?? rejected,
  };
});

it.each(examples)(
  'docs/types.md says of $field: $cell becomes $expected',
  async ({ fields, cell, expected }) => {
    const value = String(await readOne(fields, cell));
    expect(value.startsWith('InvalidFields') ? 'rejected' : value).toBe(expected);
  },
);

it('Every example of docs/types.md is found', () => {
  const tables = PAGE.split('| field | cell | becomes |\n|---|---|---|\n').slice(1);
  const lines = tables.flatMap((table) => (table.split('\n\n')[0] as string).trim().split('\n'));
  expect(examples).toHaveLength(lines.length);
});
