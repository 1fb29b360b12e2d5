import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { Script } from 'node:vm';
import { isMainThread, threadId } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import * as esModule from './loader/es-module.ts';
import { isOursAlone, isPrivateFolder } from './private-folder.ts';

/*
 * Loads the chunks that the build makes of Headrace's modules, with the code that an earlier start compiled, where
 * there is one. Node's own compile cache holds a module as it was before it ran: without most of its functions, which
 * are compiled when they are first called, a quarter of what a start costs. Here it is kept as it was at the end.
 *
 * V8 refuses compiled code of another version of its own, of other flags, or of a source of another length; the name
 * of a chunk has a hash of the source in it.
 */

type Exports = Readonly<Record<string, unknown>>;
type ChunkFunction = (
  exports: Exports,
  require: (id: string) => unknown,
  module: { exports: Exports },
  filename: string,
) => void;

const FOLDER = import.meta.dirname;
/** The names in a chunk's code for what it is given. */
const PARAMETERS = 'exports, require, module, __filename';
/** What stands for `src/loader/es-module.ts` in a chunk: `scripts/bundle/chunks.ts`. */
const ES_MODULE = 'headrace:es-module';

/** A command calls other functions than another, and than a task's thread: each has its own compiled code. */
const ROLE = isMainThread ? (process.argv[2] ?? '').replaceAll(/\W/g, '_') : 'task';

/** CRC-32 of the code, behind it: in front it would move the code off the boundary that V8 wants it at. */
const CRC_BYTES = 4;

const loaded = new Map<string, { exports: Exports }>();
const requireFrom = createRequire(import.meta.url);
const codeFolder = folderOfCode();
const notKept: { readonly path: string; readonly script: Script }[] = [];

/** What a chunk exports; `name` is its file's, in the folder of this module. It is loaded once. */
export function chunk(name: string): Exports {
  return load(join(FOLDER, name));
}

function load(path: string): Exports {
  const known = loaded.get(path);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(path, module);
  const run = compile(path).runInThisContext() as ChunkFunction;
  const require = (id: string) => (id.startsWith('.') ? load(resolve(dirname(path), id)) : external(id));
  run(module.exports, require, module, path);
  return module.exports;
}

function external(id: string): unknown {
  if (id === ES_MODULE) return esModule;
  return process.getBuiltinModule(id) ?? requireFrom(id);
}

function compile(path: string): Script {
  const codePath = codeFolder === null ? null : join(codeFolder, `${basename(path)}.${ROLE}`);
  const cachedData = codePath === null ? undefined : keptCode(codePath);
  // The build escapes what is not ASCII. The function begins in the chunk's first line, so that lines keep their numbers.
  const script = new Script(`(function (${PARAMETERS}) {${readFileSync(path, 'latin1')}\n})`, {
    filename: path,
    ...(cachedData !== undefined && { cachedData }),
  });
  const isKept = cachedData !== undefined && script.cachedDataRejected === false;
  if (codePath !== null && !isKept) {
    if (notKept.length === 0) process.once('exit', keepCode);
    notKept.push({ path: codePath, script });
  }
  return script;
}

function folderOfCode(): string | null {
  const { NODE_COMPILE_CACHE: folder, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (folder === undefined || NODE_DISABLE_COMPILE_CACHE !== undefined) return null;
  const own = join(folder, `chunks-${process.version}-${process.arch}`);
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 });
  } catch {
    return null;
  }
  // What is there is run, so nobody else may have had a hand in it.
  return isPrivateFolder(own) ? own : null;
}

/** The compiled code that a file holds; undefined when there is none, or not as it was written, which V8 would run. */
function keptCode(path: string): Buffer | undefined {
  let bytes: Buffer;
  try {
    if (!isOursAlone(lstatSync(path))) return undefined;
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const code = bytes.subarray(0, -CRC_BYTES);
  return bytes.length > CRC_BYTES && bytes.readUInt32LE(code.length) === crc32(code) ? code : undefined;
}

/** Others may read the same file at any time: it is there as a whole, or not at all. */
function keepCode(): void {
  for (const { path, script } of notKept) {
    const draft = `${path}.${process.pid}-${threadId}`;
    try {
      writeFileSync(draft, withCrc(script.createCachedData()), { mode: 0o600 });
      renameSync(draft, path);
    } catch {
      return; // The next start compiles once more.
    }
  }
}

function withCrc(code: Buffer): Buffer {
  const crc = Buffer.alloc(CRC_BYTES);
  crc.writeUInt32LE(crc32(code));
  return Buffer.concat([code, crc]);
}
