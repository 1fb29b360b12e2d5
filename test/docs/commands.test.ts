import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { BUILT_COMMAND } from '../support/built-command.ts';
import { blocks, page, pages, ROOT } from './markdown.ts';

const lines = blocks('sh').flatMap(({ place, text }) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ place, line })),
);
/** Commands of the system, and npm's own, that examples use. */
const FOREIGN =
  /^(npm ci|npm test|npm init -y|keytool -importkeystore |openssl pkcs12 |npm install \.\/headrace-|npx headrace --help$|cp -r node_modules\/headrace\/|mkdir -p |cp examples\/|export \w+=|node --test )/;

function helpOf(command: string): string {
  return execFileSync(process.execPath, [BUILT_COMMAND, command, '--help'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

function scriptOf(line: string): string | undefined {
  return /npm run ([\w-]+)/.exec(line)?.[1];
}

describe('every command in an example', () => {
  test.each(lines)('$place $line', ({ line }) => {
    const ours = /^npx headrace (\w+) (.+)$/.exec(line);
    const script = scriptOf(line);
    const optional = /^npm install (@?[a-z][\w/-]*)/.exec(line)?.[1];
    if (optional !== undefined) expect(Object.keys(packageJson.peerDependencies)).toContain(optional);
    else if (script !== undefined) expect(Object.keys(packageJson.scripts)).toContain(script);
    else if (ours === null) expect(line).toMatch(FOREIGN);
    else {
      const [, command = '', args = ''] = ours;
      const help = helpOf(command);
      for (const arg of args.replace(/ > \S+$/, '').split(' ')) {
        if (arg.startsWith('--')) expect(help).toContain(`${arg} `);
        else expect(help.includes(`"${arg}"`) || existsSync(join(ROOT, arg)), arg).toBe(true);
      }
    }
  });
});

test('what the README installs elsewhere is what npm pack makes, with all that the README uses', () => {
  const made = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' }),
  ) as [{ readonly filename: string; readonly files: readonly { readonly path: string }[] }];
  const { text } = page('README.md');
  expect(text).toContain(`npm install ./${made[0].filename}\n`);
  const packed = made[0].files.map(({ path }) => path);
  const used = [...text.matchAll(/(?<=[ (`])(?:config|examples|docs)\/[\w./-]+\.\w+/g)].map(([path]) => path);
  expect(used.length).toBeGreaterThan(10);
  expect(packed).toEqual(expect.arrayContaining(used));
});

test('the README names every command there is, and no other', () => {
  const help = execFileSync(process.execPath, [BUILT_COMMAND, '--help'], { cwd: ROOT, encoding: 'utf8' });
  const commands = [...help.matchAll(/^ {2}(?!help)(\w+) .* {2,}\w/gm)].map(([, name]) => name);
  const named = [...page('README.md').text.matchAll(/^\| `headrace (\w+)/gm)].map(([, name]) => name);
  expect(named).toEqual(commands);
});

test('every npm script that a table names is there', () => {
  const named = pages().flatMap(({ text }) =>
    [...text.matchAll(/`npm run ([\w-]+)/g)].map(([, name]) => name),
  );
  expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(named));
});

describe('every link within the project leads somewhere', () => {
  const links = pages().flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = '']) => ({ path, target })),
  );

  test.each(links)('$path: $target', ({ path, target }) => {
    const [file = '', anchor] = target.split('#');
    const place = join(dirname(path), file);
    expect(existsSync(join(ROOT, place)), place).toBe(true);
    if (anchor !== undefined) expect(headingsOf(page(place).text)).toContain(anchor);
  });
});

/** Headings as GitHub names their anchors. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
