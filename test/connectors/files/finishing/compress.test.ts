import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compressWhole, isCompressedCopyOf } from '../../../../connectors/files/disk/compress-file.ts';
import { checkFileOptions } from '../../../../connectors/files/options.ts';
import { DropFolder, lines, text } from '../../drop-folder.ts';

const ROWS = text(lines(50_000));

test('a delivered file is compressed on its way, with its date and mode, and nothing of it is left', async () => {
  const folder = new DropFolder();
  const before = statSync(folder.drop('sub/a.csv', ROWS)).mtimeMs;
  chmodSync(join(folder.input, 'sub/a.csv'), 0o640);
  mkdirSync(join(folder.done, 'sub'), { recursive: true });
  writeFileSync(join(folder.done, 'sub/a.csv.gz'), 'another');
  const config = { finishedPath: folder.done, finishedCompress: 'gzip' } as const;
  const { delivered, context } = await folder.watch({ config });
  const target = join(folder.done, `sub/a.${delivered[0]?.generation}.csv.gz`);
  expect(gunzipSync(readFileSync(target)).toString()).toBe(ROWS);
  expect(statSync(target)).toMatchObject({ mtimeMs: before, mode: 0o100640 });
  expect(folder.list('done')).toHaveLength(2);
  expect(folder.list('in')).toEqual([]);
  expect(context.states.at(-1)).toMatchObject({ state: 'COMPLETED', detail: { action: 'moved', target } });
});

test('a file that is compressed already, or was given up, is moved as it is', async () => {
  const folder = new DropFolder();
  const content = gzipSync('1\n');
  folder.drop('named.csv.gz', content);
  folder.drop('by-content', content, 1);
  folder.drop('cut.csv.gz', 'none', 2);
  const config = { finishedPath: folder.done, finishedCompress: 'gzip', errorPath: folder.failed } as const;
  await folder.watch({ config, ends: 3 });
  expect(folder.list('done')).toEqual(['by-content', 'named.csv.gz']);
  expect(readFileSync(join(folder.done, 'by-content'))).toEqual(content);
  expect(folder.list('failed')).toEqual(['cut.csv.gz', 'cut.csv.gz.error.json']);
});

test('a move that was cut short before the file went makes no second copy', async () => {
  const folder = new DropFolder();
  const config = { finishedPath: folder.done, finishedCompress: 'gzip' } as const;
  const path = folder.drop('a.csv', '1\n2\n');
  mkdirSync(folder.done);
  await compressWhole(path, join(folder.done, 'a.csv.gz'));
  expect(await isCompressedCopyOf(path, join(folder.done, 'a.csv.gz'))).toBe(true);
  await folder.watch({ config });
  expect(folder.list('done')).toEqual(['a.csv.gz']);
  expect(folder.list('in')).toEqual([]);
});

test('what cannot be written leaves the file as it is, and nothing half written', async () => {
  const folder = new DropFolder();
  const path = folder.drop('a.csv', ROWS);
  await expect(compressWhole(path, join(folder.root, 'no/such/a.csv.gz'))).rejects.toThrow('ENOENT');
  // A limit on the size of files is met in the middle, as the end of a disk is.
  const module = new URL('../../../../connectors/files/disk/compress-file.ts', import.meta.url);
  const script = `process.on('SIGXFSZ', () => {});
    const { compressWhole } = await import(${JSON.stringify(module.href)});
    await compressWhole(${JSON.stringify(path)}, ${JSON.stringify(`${path}.gz`)}).catch(({ code }) => console.log(code));`;
  const command = 'ulimit -f 8; exec "$0" --input-type=module -e "$1"';
  const said = execFileSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' });
  expect(said.trim()).toBe('EFBIG');
  expect(folder.list('in')).toEqual(['a.csv']);
  expect(readFileSync(path, 'utf8')).toBe(ROWS);
});

test('a file that was written to late, and is compressed by then, comes back whole and is loaded on', async () => {
  const folder = new DropFolder();
  const config = { finishedPath: folder.done, finishedCompress: 'gzip', scanIntervalMs: 100 } as const;
  const path = folder.drop('a.csv', '1\n');
  const writer = openSync(path, 'a');
  let isWritten = false;
  const { delivered } = await folder.watch({
    config,
    ends: 2,
    until: ({ states }) => {
      const ends = states.filter(({ state }) => state === 'COMPLETED').length;
      if (ends === 1 && !isWritten) writeSync(writer, '2\n');
      isWritten ||= ends === 1;
      return ends === 2;
    },
  });
  closeSync(writer);
  expect(delivered.map((delivery) => delivery.lines)).toEqual([['1'], ['2']]);
  expect(
    folder.list('done').map((name) => gunzipSync(readFileSync(join(folder.done, name))).toString()),
  ).toEqual(expect.arrayContaining(['1\n2\n']));
});

test('to compress files that are not moved is a mistake', () => {
  const config = {
    finishedPath: null,
    finishedDelete: true,
    errorPath: null,
    finishedCompress: 'gzip',
  } as const;
  expect([...checkFileOptions(config)].map(({ key }) => key)).toEqual(['finished.compress']);
});
