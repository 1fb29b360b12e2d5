import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { startChunks } from './start-chunks.ts';

/** `src/chunks.ts` gives it to the chunks under this name. */
const esModule: Plugin = {
  name: 'es-module',
  resolveId: (id) => (/(^|\/)es-module\.ts$/.test(id) ? { id: 'headrace:es-module', external: true } : null),
};

/** Of the folder of chunks in `dist/`; `src/own-modules.ts` counts on it being there. */
export const CHUNKS = 'chunks';

/**
 * Writes the modules and what they import into `dist/chunks/`, as functions that `src/chunks.ts` compiles and runs, and
 * gives them: CommonJS, as V8 keeps the compiled functions of scripts, but not of ES modules, after they have run.
 */
export async function buildChunks(
  root: string,
  entries: readonly string[],
  isExternal: (id: string) => boolean,
): Promise<OutputChunk[]> {
  const { plugin, groups } = startChunks(root);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((path) => [path.replace(/\.ts$/, ''), path])),
    platform: 'node',
    plugins: [esModule, plugin],
    external: isExternal,
  });
  const dir = join(root, 'dist');
  const { output } = await bundle.write({
    dir,
    format: 'cjs',
    exports: 'named',
    entryFileNames: ({ name }) => `${CHUNKS}/${name.replaceAll('/', '-')}-[hash].cjs`,
    chunkFileNames: `${CHUNKS}/[name]-[hash].cjs`,
    codeSplitting: { groups },
    sourcemap: true,
  });
  await bundle.close();
  const chunks = output.filter((file) => file.type === 'chunk');
  await Promise.all(chunks.map(({ fileName }) => escapeFile(join(dir, fileName))));
  return chunks;
}

/** A source of ASCII alone is read, and kept by V8, as bytes. */
async function escapeFile(path: string): Promise<void> {
  const code = await readFile(path, 'utf8');
  const escaped = code.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped !== code) await writeFile(path, escaped);
}
