import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportFormat } from '../../../src/cli/validate/report.ts';
import { validateFiles } from '../../../src/cli/validate/validate.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headrace-validate-')));
const plugins = resolve(import.meta.dirname, '../../fixtures/plugins');

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface Options {
  format?: ReportFormat;
  worker?: string;
  environment?: Record<string, string>;
}

async function validate(files: string[], options: Options = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await validateFiles(files, {
    environment: {},
    ...options,
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  });
  return { code, out: out.join(''), err: err.join('') };
}

const worker = write('worker.yaml', `bootstrap.servers: localhost:9092\nplugin.path: ${plugins}\n`);
const feedText = (name: string) =>
  `name: ${name}\nconnector.class: folder\ninput.path: drop\ntransforms: parse,route\n` +
  'transforms: {parse: {type: separated}, route: {type: route, topic: t}}\n';
const good = write('good.yaml', feedText('good'));
const bad = write('bad.yaml', `${feedText('bad')}colour: red\ntasks.max: many\n`);

describe('headrace validate', () => {
  test('says ok for each good file and exits with 0', async () => {
    expect(await validate([worker, good])).toEqual({ code: 0, out: `${worker}: ok\n${good}: ok\n`, err: '' });
  });

  test('tells every mistake of every file and exits with 2', async () => {
    const brokenWorker = write('broken.yaml', 'bootstrap.servers: localhost\ngroup.di: x\n');
    expect(await validate([bad, good, brokenWorker], { worker })).toEqual({
      code: 2,
      out: `${worker}: ok\n${good}: ok\n`,
      err: [
        `${bad}:6: colour: unknown key\n`,
        `${bad}:7: tasks.max: expected a whole number, zero or more, got "many"\n`,
        `${brokenWorker}:1: bootstrap.servers: expected host:port, comma-separated, got "localhost"\n`,
        `${brokenWorker}:2: group.di: unknown key; did you mean group.id?\n`,
      ].join(''),
    });
  });

  test('says which keys of a worker of Kafka Connect mean nothing here, which is no mistake', async () => {
    const ofConnect = write('connect.properties', 'bootstrap.servers=localhost:9092\nrest.port=8083\n');
    expect(await validate([ofConnect])).toEqual({
      code: 0,
      out: `${ofConnect}: ok\n`,
      err: `${ofConnect}:2: rest.port: means nothing here: listeners has the addresses to answer on\n`,
    });
  });

  test('tells a mistake of the environment, with and without a worker file', async () => {
    const feed = write(
      'plain.yaml',
      feedText('plain').replace('folder', 'directory').replace('separated', 'csv'),
    );
    const environment = { HEADRACE_LISTENER: 'http://:8083' };
    const err = 'HEADRACE_LISTENER: unknown environment variable; did you mean HEADRACE_LISTENERS?\n';
    expect(await validate([feed], { environment, worker })).toEqual({ code: 2, out: `${feed}: ok\n`, err });
    expect(await validate([feed], { environment })).toEqual({ code: 2, out: `${feed}: ok\n`, err });
  });

  test('tells which variables set nothing, which is no mistake', async () => {
    const environment = { HEADRACE_HOME: '/srv' };
    expect(await validate([worker], { environment })).toEqual({
      code: 0,
      out: `${worker}: ok\n`,
      err: `HEADRACE_HOME: sets no key of a worker; it counts only where ${'$'}{env:HEADRACE_HOME} names it\n`,
    });
  });

  test('knows files that a transformation is to read and that are not there, or are none', async () => {
    const named = (type: string, options: string) =>
      feedText('named').replace('parse,route', 'parse,own,route') +
      `transforms.own: {type: ${type}, ${options}}\n`;
    const notJson = write('not-json.avsc', '{"type": record}');
    for (const [text, told] of [
      [named('schema', 'schema.file: none.avsc'), `schema.file ${folder}/none.avsc: no such file`],
      [named('schema', 'schema.file: .'), `schema.file ${folder}: is a folder; expected a file`],
      [
        named('schema', 'schema.file: not-json.avsc'),
        `schema.file ${notJson}: expected an Avro schema as JSON; `,
      ],
      [named('lookup', 'file: none.csv, key: a, fields: b'), `lookup: file ${folder}/none.csv: no such file`],
    ] as const) {
      const path = write('named.yaml', text);
      const { code, err } = await validate([path], { worker });
      expect(code).toBe(2);
      expect(err).toContain(`${path}:6: transforms.own: ${told}`);
      expect(err.trim()).not.toContain('\n');
    }
  });

  test('has one JSON object for machines', async () => {
    const { code, out, err } = await validate([worker, bad], { format: 'json' });
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toEqual({
      ok: false,
      files: [
        { file: worker, kind: 'worker', ok: true, problems: [] },
        {
          file: bad,
          kind: 'feed',
          ok: false,
          problems: [
            { file: bad, line: 6, column: 1, key: 'colour', message: 'unknown key', code: 'unknown-key' },
            {
              file: bad,
              line: 7,
              column: 1,
              key: 'tasks.max',
              message: 'expected a whole number, zero or more, got "many"',
              code: 'invalid-value',
            },
          ],
        },
      ],
    });
  });

  test('marks the lines in a workflow of GitHub', async () => {
    const odd = write('50%,a.yaml', 'hello: world\n');
    const { code, out, err } = await validate([worker, bad, odd], { format: 'github' });
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(out.split('\n')).toEqual([
      `::error file=${bad},line=6,col=1,title=unknown-key::colour: unknown key`,
      `::error file=${bad},line=7,col=1,title=invalid-value::tasks.max: expected a whole number, zero or more, got "many"`,
      expect.stringMatching(/^::error file=.*50%25%2Ca\.yaml,title=unreadable::expected a feed /),
      '',
    ]);
  });

  test('has SARIF for other services', async () => {
    const missing = join(folder, 'not there.yaml');
    const { out } = await validate([worker, bad, missing], { format: 'sarif' });
    const log = JSON.parse(out);
    expect(log.version).toBe('2.1.0');
    const [{ tool, results }] = log.runs;
    expect(tool.driver).toMatchObject({
      name: 'headrace',
      rules: [{ id: 'unknown-key' }, { id: 'invalid-value' }, { id: 'unreadable' }],
    });
    const location = (uri: string, region?: object) => [
      { physicalLocation: { artifactLocation: { uri }, ...(region && { region }) } },
    ];
    expect(results).toMatchObject([
      {
        ruleId: 'unknown-key',
        level: 'error',
        message: { text: 'colour: unknown key' },
        locations: location(bad, { startLine: 6, startColumn: 1 }),
      },
      { ruleId: 'invalid-value', locations: location(bad, { startLine: 7, startColumn: 1 }) },
      { ruleId: 'unreadable', message: { text: 'no such file' }, locations: location(encodeURI(missing)) },
    ]);
  });

  test('says of each mistake which kind it is', async () => {
    const codes = async (...files: string[]) => {
      const { out } = await validate(files, { format: 'json' });
      const told = JSON.parse(out).files as { problems: { code: string }[] }[];
      return told.flatMap(({ problems }) => problems.map(({ code }) => code));
    };
    const twin = write('twin-code.yaml', feedText('good'));
    expect(await codes(worker, good, twin)).toEqual(['conflict']);
    expect(
      await codes(worker, write('lacks.yaml', feedText('a').replace('transforms: parse,route\n', ''))),
    ).toContain('missing-key');
    expect(await codes(write('colon.yaml', 'name: "a\n'))).toContain('syntax');
    expect(await codes(write('twice.properties', 'a=1\na=2\n'))).toContain('syntax');
  });

  test('knows two feeds of one name', async () => {
    const twin = write('twin.yaml', feedText('good'));
    const { err } = await validate([worker, good, twin]);
    expect(err).toBe(`${twin}:1: name: is the name of the feed in ${good} as well\n`);
  });

  test("checks the options of the worker's converters", async () => {
    const file = write(
      'converter.yaml',
      `bootstrap.servers: a:1\nplugin.path: ${plugins}\nvalue.converter: hex\nvalue.converter.registry.url: nowhere\nkey.converter: strin\n`,
    );
    const { err } = await validate([file]);
    expect(err.split('\n')).toEqual([
      `${file}:4: value.converter.registry.url: expected a URL such as http://localhost:8081, got "nowhere"`,
      expect.stringMatching(/:5: key\.converter: no converter is called "strin"; .*; did you mean string\?$/),
      '',
    ]);
  });

  const users: [string, string, string][] = [
    ['missing.yaml', '', 'no such file'],
    ['.', '', 'is a folder; expected a YAML or JSON file'],
    [
      'other.yaml',
      'hello: world\n',
      'expected a feed (with connector.class) or a worker config (with bootstrap.servers), got neither',
    ],
    [
      'empty.yaml',
      '\n',
      'expected a feed (with connector.class) or a worker config (with bootstrap.servers), got neither',
    ],
  ];
  test.each(users)('shows no stack for %s', async (name, text, message) => {
    if (text !== '') write(name, text);
    const file = join(folder, name);
    expect(await validate([file])).toEqual({ code: 2, out: '', err: `${file}: ${message}\n` });
  });
});

describe('one mistake hides no other', () => {
  test('a key that is set twice, nor an empty one', async () => {
    const path = write(
      'twice.yaml',
      `${feedText('twice')}tasks.max: 1\ntasks.max: 2\nerrors.max:\nerrors.tolerence: all\ntransaction.boundary: fiel\n`,
    );
    const { code, err } = await validate([path], { worker });
    expect(code).toBe(2);
    expect(
      err
        .trim()
        .split('\n')
        .map((line) => line.slice(path.length)),
    ).toEqual([
      ':7: tasks.max: is already set in line 6; keep one of the two',
      ':8: errors.max: expected a value, got none; write it, or leave the key out',
      ':9: errors.tolerence: unknown key; did you mean errors.tolerance?',
      ':10: transaction.boundary: expected one of interval, poll, file, got "fiel"; did you mean file?',
    ]);
  });

  test('a mistyped plugin of any kind, whose options are those of the one that was meant', async () => {
    const lines = [
      'name: typed',
      'connector.class: foldr',
      'input.pth: drop',
      'settle.ms: soon',
      'transforms: parse,say',
      'transforms.parse.type: cvs',
      'transforms.parse.delimeter: ;',
      'transforms.say.type: shuot',
      'transforms.say.feild: a',
      'transforms.say.predicate: evn',
      'value.converter: jsn',
      'value.converter.decimal.fromat: number',
    ];
    const path = write('typed.yaml', `${lines.join('\n')}\n`);
    const { err } = await validate([path], { worker });
    for (const told of [
      ':2: connector.class: no source connector is called "foldr"',
      ':3: input.pth: unknown key; did you mean input.path?',
      ':4: settle.ms: expected a whole number',
      ':6: transforms.parse.type: no parser is called "cvs"',
      ':7: transforms.parse.delimeter: unknown key; did you mean transforms.parse.delimiter?',
      ':8: transforms.say.type: no transformation is called "shuot"',
      ':9: transforms.say.feild: unknown key; did you mean transforms.say.field?',
      ':10: transforms.say.predicate: no predicate is labelled "evn"',
      ':11: value.converter: no converter is called "jsn"',
      ':12: value.converter.decimal.fromat: unknown key; did you mean value.converter.decimal.format?',
    ])
      expect(err).toContain(`${path}${told}`);
  });
});
