// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config providers are written like this.
import { describe, expect, test } from 'vitest';
import { unknownKeys } from '../../../src/config/check/unknown-keys.ts';
import { parseScope } from '../../../src/config/define/scope.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { resolveEntries } from '../../../src/config/read/config-providers.ts';
import { renderProblem } from '../../../src/config/read/problem.ts';
import { type ConfigDefinition, defineConfig } from '../../../src/plugin/index.ts';

const OPTIONS = defineConfig({
  text: { doc: 'A text.', format: 'string', default: 'none' },
  count: { doc: 'A count.', format: 'nat', default: 1 },
  shift: { doc: 'A shift.', format: 'int', default: 0 },
  ratio: { doc: 'A ratio.', format: 'number', default: 0.5 },
  isOn: { doc: 'A switch.', format: 'boolean', default: false },
  items: { doc: 'A list.', format: 'list', default: ['a'] },
  inputPath: { doc: 'A path.', format: 'path', default: null },
  serverUrl: { doc: 'A server.', format: 'url', default: null },
  mode: { doc: 'A mode.', format: ['slow', 'fast'], default: 'slow' },
  fields: { doc: 'Types by name.', format: 'map', default: {} },
  fieldsMode: { doc: 'A mode below the map.', format: 'string', default: null },
});

function read(
  flat: Record<string, string>,
  definition: ConfigDefinition = OPTIONS,
  environment?: Record<string, string>,
) {
  const config = entriesOf(flat, 'feed.yaml', '/feeds');
  const { entries } = resolveEntries(config, { environment: { PORT: 'secret-port' }, allowedPaths: [] });
  const scope = parseScope(definition, { entries, prefix: 'x.', origin: config.origin, environment });
  return {
    values: scope.values as Record<string, unknown>,
    lines: scope.problems.map(renderProblem),
    scope,
    entries,
  };
}

describe('the options of a scope', () => {
  test('have their defaults when nothing is set', () => {
    expect(read({}).values).toEqual({
      text: 'none',
      count: 1,
      shift: 0,
      ratio: 0.5,
      isOn: false,
      items: ['a'],
      inputPath: null,
      serverUrl: null,
      mode: 'slow',
      fields: {},
      fieldsMode: null,
    });
  });

  const right: [string, string, string, unknown][] = [
    ['text', 'text', '007', '007'],
    ['text', 'text', '', ''],
    ['count', 'count', '0', 0],
    ['count', 'count', '0012', 12],
    ['shift', 'shift', '-3', -3],
    ['ratio', 'ratio', '1.50', 1.5],
    ['ratio', 'ratio', '1e3', 1000],
    ['ratio', 'ratio', '.5', 0.5],
    ['is.on', 'isOn', 'true', true],
    ['is.on', 'isOn', 'false', false],
    ['items', 'items', ' a , b c,d ', ['a', 'b c', 'd']],
    ['items', 'items', '', []],
    ['server.url', 'serverUrl', 'http://localhost:8081', 'http://localhost:8081'],
    ['mode', 'mode', 'fast', 'fast'],
    ['input.path', 'inputPath', 'drop/x', '/feeds/drop/x'],
    ['input.path', 'inputPath', '/drop/../x', '/x'],
    ['input.path', 'inputPath', './drop/*.csv{,.gz}', '/feeds/drop/*.csv{,.gz}'],
    ['input.path', 'inputPath', '../{a,b/c}/../x', '/{a,b/c}/../x'],
    ['input.path', 'inputPath', '*.csv', '/feeds/*.csv'],
    ['input.path', 'inputPath', '/**/*.csv', '/**/*.csv'],
  ];
  test.each(right)('%s as %s: %j is %j', (key, name, text, value) => {
    const { values, lines } = read({ [key]: text });
    expect(lines).toEqual([]);
    expect(values[name]).toEqual(value);
  });

  const wrong: [string, string, string][] = [
    ['count', '12abc', 'expected a whole number, zero or more, got "12abc"'],
    ['count', '-1', 'expected a whole number, zero or more, got "-1"'],
    ['count', '1.0', 'expected a whole number, zero or more, got "1.0"'],
    ['count', '1e3', 'expected a whole number, zero or more, got "1e3"'],
    ['count', '', 'expected a whole number, zero or more, got ""'],
    ['count', '9007199254740993', 'expected a whole number, zero or more, got "9007199254740993"'],
    ['shift', '0x10', 'expected a whole number, got "0x10"'],
    ['ratio', '1,5', 'expected a number, got "1,5"'],
    ['ratio', 'NaN', 'expected a number, got "NaN"'],
    ['ratio', '1e999', 'expected a number, got "1e999"'],
    ['is.on', 'yes', 'expected true or false, got "yes"'],
    ['is.on', 'True', 'expected true or false, got "True"'],
    ['items', 'a,,b', 'expected a comma-separated list without empty items, got "a,,b"'],
    ['server.url', 'localhost:8081', 'expected a URL such as http://localhost:8081, got "localhost:8081"'],
    ['input.path', '', 'expected a path, got ""'],
    ['mode', 'fats', 'expected one of slow, fast, got "fats"; did you mean fast?'],
    ['count', '${env:PORT}', 'expected a whole number, zero or more, got the value of ${env:PORT}'],
  ];
  test.each(wrong)('%s: %s is refused', (key, text, message) => {
    expect(read({ [key]: text }).lines).toEqual([`feed.yaml: x.${key}: ${message}`]);
  });

  test('every mistake is collected', () => {
    const { lines } = read({ count: 'a', shift: 'b', ratio: 'c', mode: 'd' });
    expect(lines).toHaveLength(4);
  });

  test('a map holds every key below its name but those of other options', () => {
    const { values, lines } = read({
      'fields.a': 'int',
      'fields.a.optional': 'true',
      'fields.mode': 'strict',
    });
    expect(lines).toEqual([]);
    expect(values.fields).toEqual({ a: 'int', 'a.optional': 'true' });
    expect(values.fieldsMode).toBe('strict');
  });

  test('a map may hold a key named __proto__', () => {
    const { values } = read({ 'fields.__proto__': 'int' });
    expect(Object.entries(values.fields as object)).toEqual([['__proto__', 'int']]);
  });

  test('a required option that is not set says what it is for', () => {
    const definition = defineConfig({
      topic: { doc: 'Topic to write to, e.g. trades. Must exist.', format: 'string', required: true },
    });
    expect(read({}, definition).lines).toEqual([
      'feed.yaml: x.topic: is required but not set (Topic to write to, e.g. trades)',
    ]);
    expect(read({ topic: ' ' }, definition).lines).toEqual([
      'feed.yaml: x.topic: is required but empty (Topic to write to, e.g. trades)',
    ]);
  });

  test('a sensitive value is never shown', () => {
    const definition = defineConfig({
      pin: { doc: 'A secret.', format: 'nat', default: null, sensitive: true },
    });
    expect(read({ pin: 'hunter2' }, definition).lines).toEqual([
      'feed.yaml: x.pin: expected a whole number, zero or more, got [hidden]',
    ]);
  });

  test('an environment variable wins over the file and is named when it is wrong', () => {
    const environment = { HEADRACE_INPUT_PATH: 'here', HEADRACE_COUNT: '12abc', COUNT: '3' };
    const { values, lines } = read({ count: '2', 'input.path': 'there' }, OPTIONS, environment);
    expect(values.inputPath).toBe(`${process.cwd()}/here`);
    expect(lines).toEqual([
      'x.count: expected a whole number, zero or more, got "12abc" from the environment variable HEADRACE_COUNT',
    ]);
  });

  test('the process arguments are not configuration', () => {
    const saved = process.argv;
    process.argv = [...saved, '--count', '9', '--text=x'];
    try {
      expect(read({}).values).toMatchObject({ count: 1, text: 'none' });
    } finally {
      process.argv = saved;
    }
  });
});

describe('unknown keys', () => {
  const cases: [string, string][] = [
    ['x.coumt', 'unknown key; did you mean x.count?'],
    ['x.isOn', 'unknown key; did you mean x.is.on?'],
    ['x.feilds.price.optional', 'unknown key; did you mean x.fields.price.optional?'],
    ['x.fields', 'expected keys below it, x.fields.NAME, got a value'],
    ['x.colour', 'unknown key'],
    ['__proto__', 'unknown key'],
  ];
  test.each(cases)('%s: %s', (key, message) => {
    const { scope } = read({});
    const { entries } = entriesOf({ [key]: 'v', 'x.count': '1', 'x.fields.a': 'b' }, 'feed.yaml');
    expect(unknownKeys(entries, scope.known).map(renderProblem)).toEqual([`feed.yaml: ${key}: ${message}`]);
  });
});
