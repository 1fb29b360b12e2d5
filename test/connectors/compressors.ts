import { execFileSync, spawnSync } from 'node:child_process';

const MOST_BYTES = 64 * 1024 * 1024;

/** A bzip2 file, made by bzip2 or by Python, whichever is there. Of level 1 blocks are short. */
export function bzip2Of(content: string | Buffer, level = 9): Buffer {
  return compressedBy(
    ['bzip2', `-${level}`],
    `import bz2; compress = lambda all: bz2.compress(all, ${level})`,
    content,
  );
}

/** An xz file, made by xz or by Python. */
export function xzOf(content: string | Buffer, check: 'crc64' | 'sha256' = 'crc64'): Buffer {
  const python = `import lzma; compress = lambda all: lzma.compress(all, check=lzma.CHECK_${check.toUpperCase()})`;
  return compressedBy(['xz', `--check=${check}`], python, content);
}

function compressedBy(
  [program, ...options]: readonly [string, ...string[]],
  python: string,
  content: string | Buffer,
): Buffer {
  const settings = { input: Buffer.from(content), maxBuffer: MOST_BYTES };
  const { stdout, error } = spawnSync(program, ['-c', ...options], settings);
  if (error === undefined) return stdout;
  const code = `${python}\nimport sys; sys.stdout.buffer.write(compress(sys.stdin.buffer.read()))`;
  return execFileSync('python3', ['-c', code], settings);
}
