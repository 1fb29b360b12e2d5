import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfigText, readConfigFile } from '../../../src/config/read/config-file.ts';
import { readText } from '../config-text.ts';

describe('a config file', () => {
  const spellings: [string, string, Record<string, string>][] = [
    ['dots are the grammar', 'a.b: x\na.c: y', { 'a.b': 'x', 'a.c': 'y' }],
    [
      'nested maps are another way to write the dots',
      'a: {b: x}\na.c.d:\n  e: y',
      { 'a.b': 'x', 'a.c.d.e': 'y' },
    ],
    [
      'a key may be a value and a prefix, written flat',
      'transforms: parse\ntransforms.parse.type: csv',
      { transforms: 'parse', 'transforms.parse.type': 'csv' },
    ],
    [
      'a key may be a value and a prefix, written nested',
      'transforms: parse\ntransforms:\n  parse: {type: csv}',
      { transforms: 'parse', 'transforms.parse.type': 'csv' },
    ],
    ['a list becomes comma-joined text', 'a: [x, y]\nb:\n  - 1\n  - true', { a: 'x,y', b: '1,true' }],
    [
      'numbers keep their spelling',
      'a: 1.50\nb: 1e3\nc: 0x10\nd: 007',
      { a: '1.50', b: '1e3', c: '0x10', d: '007' },
    ],
    ['booleans keep their spelling', 'a: true\nb: False\nc: yes', { a: 'true', b: 'False', c: 'yes' }],
    [
      'words that YAML takes for nothing, a time or a switch are what was written',
      'a: NULL\nb: null\nc: ~\nd: [NULL, n/a, ~]\ne: 2026-01-31\nf: no\ng: 0123\nh: 1.10\ni: .inf\nNULL: x\n2020: y',
      {
        ...{ a: 'NULL', b: 'null', c: '~', d: 'NULL,n/a,~', e: '2026-01-31', f: 'no', g: '0123', h: '1.10' },
        ...{ i: '.inf', NULL: 'x', 2020: 'y' },
      },
    ],
    [
      'the form in which Connect takes a connector is its name and its options',
      '{"name": "trades", "config": {"connector.class": "local", "tasks.max": "2"}}',
      { name: 'trades', 'connector.class': 'local', 'tasks.max': '2' },
    ],
    [
      'so is one that has the name in both places',
      'name: trades\nconfig:\n  name: trades\n  connector.class: local',
      { name: 'trades', 'connector.class': 'local' },
    ],
    ['quoted text is taken as it is', 'a: "1"\nb: \'null\'\nc: ""', { a: '1', b: 'null', c: '' }],
    [
      'JSON is YAML',
      '{\n\t"a": {"b": 1.50},\n\t"c": ["x", "y"],\n\t"d": false\n}',
      { 'a.b': '1.50', c: 'x,y', d: 'false' },
    ],
    ['a byte order mark does not count', '\uFEFFa: x', { a: 'x' }],
    ['an empty file has no keys', '', {}],
    ['comments alone are an empty file', '# nothing yet\n', {}],
    ['a number may be a key', 'fields:\n  1: int', { 'fields.1': 'int' }],
  ];
  test.each(spellings)('%s', (_, text, flat) => {
    expect(readText(text)).toEqual({ flat, lines: [] });
  });

  test('keys such as __proto__ are keys like any other', () => {
    const { config } = parseConfigText('__proto__: {polluted: x}\nconstructor: {prototype: {polluted: y}}', {
      source: 'feed.yaml',
      folder: '/feeds',
    });
    expect([...config.entries.keys()]).toEqual(['__proto__.polluted', 'constructor.prototype.polluted']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('entries know their line and column', () => {
    const { config } = parseConfigText('a: x\n\nb:\n  c: y\n', { source: 'feed.yaml', folder: '/feeds' });
    const places = [...config.entries].map(([key, { line, column }]) => [key, line, column]);
    expect(places).toEqual([
      ['a', 1, 1],
      ['b.c', 4, 3],
    ]);
  });

  const mistakes: [string, string, string[]][] = [
    ['nothing is not a value', 'a:\nb:   # a comment\nc:\n', [1, 2, 3].map(noValue)],
    [
      'two names in the form of Connect are one too many',
      '{"name": "a",\n "config": {"name": "b"}}',
      ['feed.yaml:1: name: is already set in line 2; keep one of the two'],
    ],
    [
      'options beside the name and the config of Connect are in the wrong place',
      'name: a\nconfig:\n  tasks.max: 1\ntransforms: parse',
      [
        'feed.yaml:4: transforms: expected nothing but name and config beside each other, as Kafka Connect takes them; ' +
          'options of the feed go into config',
      ],
    ],
    ['nothing in JSON is not a value', '{"a": null}', [noValue(1)]],
    [
      'a key that is set twice',
      'a: x\nb: y\na: z',
      ['feed.yaml:3: a: is already set in line 1; keep one of the two'],
    ],
    [
      'a key that is set twice in two spellings',
      'a.b: x\na:\n  b: y',
      ['feed.yaml:3: a.b: is already set in line 1; keep one of the two'],
    ],
    [
      'a list item with a comma',
      'a: ["x,y", z]',
      ['feed.yaml:1: a: expected every item of the list to be a plain value without a comma'],
    ],
    [
      'a list of maps',
      'a:\n  - {b: c}',
      ['feed.yaml:2: a: expected every item of the list to be a plain value without a comma'],
    ],
    ['a list as the whole', '- a\n- b', ['feed.yaml:1: expected keys and values, `key: value`']],
    ['a word as the whole', 'hello', ['feed.yaml:1: expected keys and values, `key: value`']],
    ['an alias', 'a: &x y\nb: *x', ['feed.yaml:2: b: YAML aliases are not supported; write the value out']],
  ];
  test.each(mistakes)('reports %s', (_, text, lines) => {
    expect(readText(text).lines).toEqual(lines);
  });

  function noValue(line: number): string {
    return `feed.yaml:${line}: ${'abc'[line - 1]}: expected a value, got none; write it, or leave the key out`;
  }

  test.each([
    ['YAML', 'a: x\nb: "y\n', 3],
    ['JSON', '{"a": 1,\n"b": }x', 2],
    ['indentation', 'a: x\n  b: y', 1],
    ['tags', 'a: x\nb: !secret y', 2],
  ])('reports wrong syntax with its line: %s', (_, text, line) => {
    const { lines, flat } = readText(text);
    expect(lines[0]).toMatch(new RegExp(`^feed.yaml:${line}: is not valid YAML or JSON: `));
    expect(flat).toEqual({});
  });
});

describe('a file that cannot be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-config-'));
  const write = (name: string, bytes: Buffer | string) => writeFileSync(join(folder, name), bytes);
  write('binary', Buffer.from([0x1f, 0x8b, 0x08, 0xff]));
  write('zeros', 'a: \0');
  write('large', `#${' '.repeat(1024 * 1024)}`);
  write('unreadable', 'a: x');
  chmodSync(join(folder, 'unreadable'), 0);

  const files: [string, string][] = [
    ['missing', 'no such file'],
    ['binary', 'is not text; expected YAML or JSON in UTF-8'],
    ['zeros', 'is not text; expected YAML or JSON in UTF-8'],
    ['large', 'is too large for a config file: expected at most 1 MiB, got 1048577 bytes'],
    ['.', 'is a folder; expected a YAML or JSON file'],
    ['binary/feed.yaml', 'no such file'],
  ];
  test.each(files)('%s is a problem, not an exception', (name, message) => {
    const { problems, config } = readConfigFile(join(folder, name));
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    expect(config.entries.size).toBe(0);
  });

  test.skipIf(process.getuid?.() === 0)('a file without permission is a problem', () => {
    const { problems } = readConfigFile(join(folder, 'unreadable'));
    expect(problems[0]?.message).toBe('cannot be read: permission denied');
  });
});
