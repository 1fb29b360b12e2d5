import { describe, expect, test } from 'vitest';
import { builtInNames, builtInPlugin } from '../../src/loader/built-in.ts';
import type { ParserPlugin } from '../../src/plugin/index.ts';
import { type ParserBattery, testParser } from '../../src/testing/index.ts';

const BATTERIES: Readonly<Record<string, ParserBattery>> = {
  csv: {
    examples: [
      {
        content: '\ufeffsymbol,note\r\nBHP,"a ""b"", c"\r\nCBA\r\n"R\nIO",ä\r\n\r\n𝄞,last',
        rows: [
          { symbol: 'BHP', note: 'a "b", c' },
          'expected 2 cells',
          { symbol: 'R\nIO', note: 'ä' },
          { symbol: '𝄞', note: 'last' },
        ],
      },
      { content: 'a,b\n', rows: [] },
    ],
    wrongOptions: [{ options: { delimiter: '"' }, message: 'delimiter' }],
  },
  'fixed-width': {
    options: { columns: 'symbol 1-3,price 4-9' },
    examples: [
      {
        content: 'BHP 45.12\nCBA\r\nRIO131.40\n\n日本 1',
        rows: [{ symbol: 'BHP', price: '45.12' }, 'got 3', { symbol: 'RIO', price: '131.40' }, 'got 4'],
      },
    ],
    wrongOptions: [{ options: { columns: 'symbol' }, message: 'columns' }],
  },
  jsonl: {
    examples: [
      {
        content: '{"a":1.10,"b":"ä\\n"}\n{"a":2}\n\n{"a":\n{"a":null,"b":"x","c":1}\n{"b":"y","a":"z"}',
        rows: [{ a: '1.10', b: 'ä\n' }, { a: '2', b: '' }, 'expected a value', '"c"', { a: 'z', b: 'y' }],
      },
    ],
    wrongOptions: [{ options: { columns: 'a,a' }, message: 'columns' }],
  },
  lines: {
    examples: [
      {
        content: 'one\r\n\ntwo\r日本',
        rows: [{ line: 'one' }, { line: '' }, { line: 'two' }, { line: '日本' }],
      },
      { content: Buffer.from('good\nb\xffd\n', 'latin1'), rows: [{ line: 'good' }, 'UTF-8'] },
      { content: '', rows: [] },
    ],
  },
};

const names = builtInNames('parser');

test('every built-in parser has a battery', () => {
  expect(Object.keys(BATTERIES).sort()).toEqual(names);
});

describe.each(names)('%s', async (name) => {
  const plugin = (await builtInPlugin('parser', name)?.())?.default as ParserPlugin;
  for (const { name: title, run } of testParser(plugin, BATTERIES[name] as ParserBattery)) test(title, run);
});
