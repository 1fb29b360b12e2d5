import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { CHUNKS } from './chunks.ts';

/** What is not in a chunk: the command, which has to look at Node's version and to say where compiled code is kept, and what loads chunks. */
const MODULES = {
  'src/cli/main': 'src/cli/main.ts',
  'src/cli/start': 'src/cli/start.ts',
  [`${CHUNKS}/chunks`]: 'src/chunks.ts',
};

/** Writes the ES modules that the outside world, and Headrace itself, reach by their place; they load the chunks. */
export async function buildStarters(root: string, chunks: readonly OutputChunk[]): Promise<void> {
  const dist = join(root, 'dist');
  for (const [name, input] of Object.entries(MODULES)) {
    const bundle = await rolldown({ cwd: root, input, platform: 'node', external: /command-line|\/start/ });
    await bundle.write({
      file: join(dist, `${name}.js`),
      format: 'esm',
      paths: (id) => id.replace(/.*(?=command-line|start)/, './').replace(/\.ts$/, '.js'),
      plugins: [builtinsAsTheyAre],
    });
    await bundle.close();
  }
  for (const { name, fileName, exports, isEntry } of chunks) {
    if (!isEntry) continue;
    const path = join(dist, `${name}.js`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, starter(relative(dirname(path), join(dist, CHUNKS)), basename(fileName), exports));
  }
}

function starter(chunks: string, file: string, exports: readonly string[]): string {
  const lines = [
    `import { chunk } from '${chunks}/chunks.js';`,
    `const of = chunk('${file}');`,
    ...exports.map((name) => `export const ${name} = of.${name};`),
  ];
  return `${lines.join('\n')}\n`;
}

/** An import of one of Node's modules reads all that it exports, and so loads what that module would load when needed. */
const builtinsAsTheyAre = {
  name: 'builtins-as-they-are',
  renderChunk: (code: string) =>
    code.replaceAll(
      /^import \{(.*)\} from "(node:[\w/]+)";$/gm,
      (_, names: string, id: string) =>
        `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule("${id}");`,
    ),
};
