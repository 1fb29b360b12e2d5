import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The licences of the packages that the modules are of, as they must go along with their code.
 *
 * @throws Error for a package without a licence's text.
 */
export function licensesOf(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((path) => packageFolder(path) ?? []));
  const notices = [...folders].map(notice).sort();
  return `Headrace's dist/ contains parts of these packages.\n${[...new Set(notices)].join('')}`;
}

function packageFolder(module: string): string | null {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? null;
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as PackageFacts;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined)
    throw new Error(`${name} has no licence file (${license}): leave it to npm, in "dependencies"`);
  return `\n--- ${name} ${version} (${license}) ---\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
