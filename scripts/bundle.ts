import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { builtInModule, builtInNames } from '../src/loader/built-in.ts';
import { isPluginKind, PLUGIN_KINDS } from '../src/loader/plugin-kind.ts';
import { licensesOf } from './bundle/licenses.ts';
import { startChunks } from './bundle/start-chunks.ts';

/*
 * Writes the modules of `dist/`: those that are reached by their place (the command, the exports of package.json, the
 * tasks' thread, the built-in plugins) where the compiler would put them, and what they share in `dist/chunks/`, each
 * part once. Hundreds of small modules would cost every start, and the start of every task, more than a tenth of a second.
 *
 * Dependencies that only some feeds need, and prebuilt binaries, are left to npm. Any other package that is imported
 * becomes a part of the chunks, and its licence of `dist/THIRD-PARTY-LICENSES`.
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = resolve(ROOT, 'dist');
/** `src/own-modules.ts` counts on it being a folder in `dist/`. */
const CHUNKS = 'chunks';

/** What every start needs. Dependencies they are all the same: for whoever asks which packages run. */
const BUNDLED = [
  'commander',
  'convict',
  'csv-parse',
  'kafkajs',
  'picomatch',
  'pino',
  'stream-transform',
  'yaml',
];

const { dependencies } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
const { plugin, groups } = startChunks(ROOT);
const bundle = await rolldown({
  cwd: ROOT,
  input: Object.fromEntries(entryModules().map((path) => [path.replace(/\.ts$/, ''), path])),
  platform: 'node',
  plugins: [plugin],
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
});
await rm(resolve(DIST, CHUNKS), { recursive: true, force: true });
const { output } = await bundle.write({
  dir: DIST,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: `${CHUNKS}/[name].js`,
  codeSplitting: { groups },
  sourcemap: true,
});
await bundle.close();
const bundled = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
await writeFile(resolve(DIST, 'THIRD-PARTY-LICENSES'), licensesOf(bundled));

/** Relative to the root. */
function entryModules(): string[] {
  const kinds = Object.keys(PLUGIN_KINDS).filter(isPluginKind);
  const plugins = kinds.flatMap((kind) => builtInNames(kind).map((name) => builtInModule(kind, name)));
  return [
    'src/cli/main.ts',
    'src/index.ts',
    'src/plugin/index.ts',
    'src/testing/index.ts',
    'src/runtime/task-thread.ts',
    ...plugins.map((url) => relative(ROOT, fileURLToPath(url as URL))),
  ];
}
