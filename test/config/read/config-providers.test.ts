// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config providers are written like this.
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { resolveEntries } from '../../../src/config/read/config-providers.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headrace-providers-')));
const secrets = join(folder, 'secrets');
mkdirSync(join(secrets, 'below'), { recursive: true });
writeFileSync(join(secrets, 'db.properties'), '# password=no\nuser = ann\npassword=a=b${env:HOME}\r\n');
writeFileSync(join(secrets, 'below', 'token'), 'abc\n');
writeFileSync(join(folder, 'outside'), 'secret=1');
symlinkSync(join(folder, 'outside'), join(secrets, 'link'));

function resolve(text: string, allowedPaths: string[] = [secrets]): string | null {
  const environment = { USER_NAME: 'ann', EMPTY: '', NESTED: '${env:USER_NAME}', UNSET: undefined };
  const { entries, problems } = resolveEntries(entriesOf({ key: text }, 'feed.yaml', folder), {
    environment,
    allowedPaths,
  });
  return entries.get('key')?.value ?? `problem: ${problems.map(({ key, message }) => `${key}: ${message}`)}`;
}

describe('config providers', () => {
  const values: [string, string][] = [
    ['${env:USER_NAME}', 'ann'],
    ['<${env:USER_NAME}-${env:USER_NAME}>', '<ann-ann>'],
    ['${env:EMPTY}', ''],
    ['${env:NESTED}', '${env:USER_NAME}'],
    ['${file:secrets/db.properties:user}', 'ann'],
    ['${file:secrets/db.properties:password}', 'a=b${env:HOME}'],
    [`\${file:${secrets}/db.properties:user}`, 'ann'],
    ['${dir:secrets/below:token}', 'abc'],
    ['${symbol}', '${symbol}'],
    ['*.csv{,.gz}', '*.csv{,.gz}'],
    ['cost: $5', 'cost: $5'],
  ];
  test.each(values)('%s gives %s', (text, value) => {
    expect(resolve(text)).toBe(value);
  });

  const allowed =
    "not below an allowed folder; name its folder in the worker's config.providers.allowed.paths";
  const mistakes: [string, string][] = [
    ['${env:MISSING}', '${env:MISSING}: the environment variable MISSING is not set'],
    ['${env:UNSET}', '${env:UNSET}: the environment variable UNSET is not set'],
    ['${env:toString}', '${env:toString}: the environment variable toString is not set'],
    ['${env:USER_NAME', '${env:USER_NAME is not closed; expected a } after it'],
    [
      '${evn:X}',
      "${evn:X}: unknown config provider; expected env, file, dir or one that the worker's config.providers names; did you mean env?",
    ],
    [
      '${vault:X}',
      "${vault:X}: unknown config provider; expected env, file, dir or one that the worker's config.providers names",
    ],
    ['${file:secrets/db.properties}', '${file:secrets/db.properties}: expected a path, a colon and a key'],
    ['${file:secrets/db.properties:pin}', '${file:secrets/db.properties:pin}: the file has no line pin=…'],
    ['${file:secrets/nope:pin}', '${file:secrets/nope:pin}: no such file'],
    ['${file:secrets/below:pin}', '${file:secrets/below:pin}: expected a file'],
    ['${file:outside:secret}', `\${file:outside:secret}: ${allowed}`],
    ['${file:/no/such/file:secret}', `\${file:/no/such/file:secret}: ${allowed}`],
    ['${file:secrets/link:secret}', `\${file:secrets/link:secret}: ${allowed}`],
    ['${file:secrets/../outside:secret}', `\${file:secrets/../outside:secret}: ${allowed}`],
    [
      '${dir:secrets:../outside}',
      '${dir:secrets:../outside}: expected the name of a file as the key, got a path',
    ],
    ['${dir:secrets:..}', '${dir:secrets:..}: expected the name of a file as the key, got a path'],
  ];
  test.each(mistakes)('%s is refused', (text, message) => {
    expect(resolve(text)).toBe(`problem: key: ${message}`);
  });

  test('read no files unless a folder is allowed', () => {
    expect(resolve('${file:secrets/db.properties:user}', [])).toBe(
      `problem: key: \${file:secrets/db.properties:user}: ${allowed}`,
    );
  });

  test('a folder whose name begins like an allowed one is not allowed', () => {
    mkdirSync(`${secrets}-not`);
    writeFileSync(join(`${secrets}-not`, 'x'), 'a=b');
    expect(resolve('${file:secrets-not/x:a}')).toContain(allowed);
  });
});
