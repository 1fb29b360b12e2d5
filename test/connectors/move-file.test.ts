import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { moveInto } from '../../connectors/files/move-file.ts';

function dropped(): { root: string; found: Parameters<typeof moveInto>[1] } {
  const root = mkdtempSync(join(tmpdir(), 'headrace-move-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'done'));
  writeFileSync(join(root, 'x.csv'), 'a\n1\n');
  return { root, found: { path: 'x.csv', absolute: join(root, 'x.csv'), place: 'x.csv' } };
}

test('a move that a kill cut short in the middle is done by the next attempt, and leaves one file', async () => {
  const { root, found } = dropped();
  linkSync(found.absolute, join(root, 'done/x.csv'));
  expect(await moveInto(join(root, 'done'), found, 'g')).toBe(join(root, 'done/x.csv'));
  expect(readdirSync(root)).toEqual(['done']);
  expect(readdirSync(join(root, 'done'))).toEqual(['x.csv']);
});

test('another file of that name stays, even when it has the same content', async () => {
  const { root, found } = dropped();
  writeFileSync(join(root, 'done/x.csv'), 'a\n1\n');
  expect(await moveInto(join(root, 'done'), found, 'g')).toBe(join(root, 'done/x.g.csv'));
  expect(readdirSync(join(root, 'done')).sort()).toEqual(['x.csv', 'x.g.csv']);
  expect(readFileSync(join(root, 'done/x.g.csv'), 'utf8')).toBe('a\n1\n');
});
