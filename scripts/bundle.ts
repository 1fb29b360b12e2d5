import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChunks, CHUNKS } from './bundle/chunks.ts';
import { licensesOf } from './bundle/licenses.ts';
import { buildStarters } from './bundle/starters.ts';

/*
 * Writes the code of `dist/`: chunks, which hold the modules, each once, and the starters that load them from the places
 * by which they are reached: the command, the exports of package.json, the tasks' thread. Hundreds of small modules would
 * cost every start, and the start of every task, more than a tenth of a second.
 *
 * Dependencies that only some feeds need, and prebuilt binaries, are left to npm. Any other package that is imported
 * becomes a part of the chunks, and its licence of `dist/THIRD-PARTY-LICENSES`.
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = resolve(ROOT, 'dist');

/** What every start needs. Dependencies they are all the same: for whoever asks which packages run. */
const BUNDLED = ['commander', 'convict', 'csv-parse', 'kafkajs', 'pino', 'stream-transform', 'yaml'];

/** Relative to the root. */
const ENTRIES = [
  'src/cli/command-line.ts',
  'src/index.ts',
  'src/plugin/index.ts',
  'src/testing/index.ts',
  'src/runtime/task/task-thread.ts',
  'src/plugin-calls/watch-thread.ts',
];

const { dependencies } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
const isExternal = (id: string) => external.some((name) => id === name || id.startsWith(`${name}/`));

await rm(resolve(DIST, CHUNKS), { recursive: true, force: true });
const chunks = await buildChunks(ROOT, ENTRIES, isExternal);
await buildStarters(ROOT, chunks);
await writeFile(
  resolve(DIST, 'THIRD-PARTY-LICENSES'),
  licensesOf(chunks.flatMap(({ moduleIds }) => moduleIds)),
);
