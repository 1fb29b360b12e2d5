import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { matchGolden } from '../../src/testing/index.ts';

afterEach(() => vi.unstubAllEnvs());

const RECORDS = [{ symbol: 'BHP', volume: 9007199254740993n }, { value: Buffer.from('ä') }];
const TEXT = '{"symbol":"BHP","volume":9007199254740993}\n{"value":"ä"}\n';

function goldenFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-golden-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'golden/records.jsonl');
}

function written(file: string | URL, got: Parameters<typeof matchGolden>[1]): void {
  vi.stubEnv('UPDATE_GOLDEN', '1');
  matchGolden(file, got);
  vi.unstubAllEnvs();
}

test('a golden file is written when it is asked for, and holds from then on', () => {
  const file = goldenFile();
  written(file, RECORDS);
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
  matchGolden(file, RECORDS);
  matchGolden(pathToFileURL(file), TEXT);
});

test('one that is missing is not written by itself', () => {
  const file = goldenFile();
  expect(() => matchGolden(file, RECORDS)).toThrow(`${file}: no such file; UPDATE_GOLDEN=1 writes it`);
});

test.each<[what: string, got: Parameters<typeof matchGolden>[1], told: string]>([
  ['another line', 'one\n2\n', 'line 2: expected "two", got "2"; UPDATE_GOLDEN=1 writes it anew'],
  ['a line too few', 'one\n', 'line 2: expected "two", got ""'],
  ['a line too many', 'one\ntwo\nthree\n', 'line 3: expected "", got "three"'],
  ['a last line without an end', 'one\ntwo', 'line 3: expected "", got the end'],
])('%s is told', (_, got, told) => {
  const file = goldenFile();
  written(file, 'one\ntwo\n');
  expect(() => matchGolden(file, got)).toThrow(`${file}, ${told}`);
});
