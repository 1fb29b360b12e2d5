import { globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import asc from 'assemblyscript/asc';

/*
 * Compiles the `kernel.ts` of every folder of `kernels/` from AssemblyScript to WebAssembly, each to a module of `dist/wasm/`
 * that holds its bytes: `import code from '#kernels/split-rows'`. A kernel has no runtime and no data of its own: it
 * works on the memory and the table that it is given (`src/rows/kernel.ts`).
 */

const FOLDER = 'dist/wasm';
const OPTIONS = [
  ...['--runtime', 'stub', '--use', 'abort=', '--noAssert', '-O3', '--converge'],
  ...['--enable', 'simd', '--importMemory', '--importTable'],
];

await mkdir(FOLDER, { recursive: true });
for (const source of globSync('kernels/*/kernel.ts')) {
  const name = basename(dirname(source));
  const binary = `${FOLDER}/${name}.wasm`;
  const { error, stderr } = await asc.main([source, '--outFile', binary, ...OPTIONS]);
  if (error !== null) {
    process.stderr.write(`${source}\n${stderr.toString()}`);
    process.exitCode = 1;
    continue;
  }
  const code = (await readFile(binary)).toString('base64');
  await writeFile(`${FOLDER}/${name}.js`, `export default Buffer.from('${code}', 'base64');\n`);
  await rm(binary);
}
