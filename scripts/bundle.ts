import { readFileSync } from 'node:fs';
import { cp, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { licensesOf } from './licenses.ts';
import { startParts } from './start-parts.ts';

/*
 * Writes the code of `dist/`: what is reached by its place where it is reached, and what these share, or load when it
 * is needed, as parts. Hundreds of small modules would cost every start, and the start of every task, more than a tenth
 * of a second.
 *
 * Dependencies are left to npm: what is large and only some need, and prebuilt binaries. Any other package that is imported
 * becomes a part of the bundle, so that an installation has fewer packages to fetch, and its licence of `dist/THIRD-PARTY-LICENSES`.
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = resolve(ROOT, 'dist');

/** The folder of parts in `dist/`; `src/own-modules.ts` counts on it being there. */
const PARTS = 'parts';

/** In the bundle, and dependencies all the same, so that whoever asks which packages run is told. */
const BUNDLED = ['convict', 'csv-parse', 'kafkajs', 'pino', 'stream-transform'];

/** Reached by their place: the command, the exports of package.json, threads. */
const ENTRIES = [
  'src/cli/main',
  'src/index',
  'src/plugin/index',
  'src/testing/index',
  'src/runtime/task/task-thread',
  'src/runtime/plugins/plugin-thread',
  'src/runtime/sleep/lookout-thread',
  'src/plugin-calls/watch-thread',
];

const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(resolve(ROOT, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'peerDependencies', Record<string, string>>;
const external = Object.keys({ ...dependencies, ...peerDependencies }).filter(
  (name) => !BUNDLED.includes(name),
);

const { plugin, groups } = startParts(ROOT);
await rm(resolve(DIST, PARTS), { recursive: true, force: true });
const bundle = await rolldown({
  cwd: ROOT,
  input: Object.fromEntries(ENTRIES.map((path) => [path, `${path}.ts`])),
  platform: 'node',
  // mappersmith looks for `process` by one, of a fixed text.
  checks: { eval: false },
  plugins: [plugin],
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
});
const { output } = await bundle.write({
  dir: DIST,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: `${PARTS}/[name].js`,
  codeSplitting: { groups },
  // Each thread keeps the text of what it runs, at two bytes a character where one of them is beyond Latin-1.
  charset: 'ascii',
  comments: { jsdoc: false },
  sourcemap: true,
});
await bundle.close();
const page = await bundleConsole();
const modules = [...output, ...page].flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
await writeFile(resolve(DIST, 'THIRD-PARTY-LICENSES'), licensesOf(modules));

/** What browsers get: one module, and what lies beside it. */
async function bundleConsole() {
  const bundle = await rolldown({
    cwd: ROOT,
    input: { console: 'src/console/main.tsx' },
    platform: 'browser',
  });
  const dir = resolve(DIST, 'console');
  const { output } = await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    minify: true,
    sourcemap: true,
  });
  await bundle.close();
  for (const name of ['index.html', 'console.css', 'icon.svg'])
    await cp(resolve(ROOT, 'src/console', name), resolve(dir, name));
  return output;
}
