import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import local from '../../connectors/local/index.ts';
import { readFiles } from '../../src/testing/index.ts';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-read-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('readFiles', () => {
  test('gives the content of each file, whole', async () => {
    const folder = folderWith({ 'a.csv': 'a\n1\n', 'b.csv': '' });
    const files = await readFiles(local, { 'input.path': `${folder}/*.csv` });
    expect(files.map(({ content }) => content.toString())).toEqual(['a\n1\n', '']);
  });

  test('of a second run, what the first one has not delivered', async () => {
    const folder = folderWith({ 'a.csv': 'a\n1\n' });
    const options = { 'input.path': `${folder}/*.csv` };
    const delivered = await readFiles(local, options);
    writeFileSync(join(folder, 'b.csv'), 'b\n');
    const files = await readFiles(local, options, delivered);
    expect(files.map(({ content }) => content.toString())).toEqual(['b\n']);
  });

  test('throws what a file is given up for', async () => {
    const folder = folderWith({ 'a.csv.gz': '\u001f\u008bno gzip' });
    await expect(readFiles(local, { 'input.path': `${folder}/*` })).rejects.toThrow(/a\.csv\.gz/);
  });
});
