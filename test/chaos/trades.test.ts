import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SourceRows } from './source-rows.ts';
import { writeTrades } from './trades.ts';

const OPTIONS = { rows: 1001, files: 2, seed: 7, badEvery: 100 };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'headrace-trades-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it('writes the same files for the same seed, and others for another', async () => {
  const folders = [await folder(), await folder(), await folder()] as const;
  await writeTrades(folders[0], OPTIONS);
  await writeTrades(folders[1], OPTIONS);
  await writeTrades(folders[2], { ...OPTIONS, seed: 8 });
  const [one, same, other] = await Promise.all(
    folders.map((path) => readFile(join(path, 'trades-0002.csv'))),
  );
  expect(one?.equals(same as Buffer)).toBe(true);
  expect(one?.equals(other as Buffer)).toBe(false);
});

it('knows which of its rows are bad, and cuts a file into its rows', async () => {
  const path = await folder();
  const files = await writeTrades(path, OPTIONS);
  expect(files.map(({ rows }) => rows)).toEqual([500, 501]);
  for (const { name, rows, bad } of files) {
    const source = new SourceRows(name, await readFile(join(path, name)));
    expect(source.count).toBe(rows);
    expect(bad.size).toBeGreaterThan(0);
    for (let row = 1; row <= rows; row++) {
      const cells = source.bytes(row).toString('latin1').split(',');
      const isBad = cells.length !== 7 || cells[2] === 'n/a' || cells[6]?.startsWith('\xff');
      expect(isBad).toBe(bad.has(row));
      if (!isBad) expect(cells[5]).toBe(String(row));
    }
  }
});
