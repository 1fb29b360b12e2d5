import { expect, it } from 'vitest';
import { CellCache } from '../../../transforms/shared/cell-cache.ts';

const found = (cache: CellCache<string>, text: string) => {
  const bytes = Buffer.from(`(${text})`);
  return cache.get(bytes, 1, bytes.length - 1);
};

function keep(cache: CellCache<string>, text: string): void {
  const bytes = Buffer.from(`(${text})`);
  cache.set(bytes, 1, bytes.length - 1, text);
}

it('what was kept for a text is found by its bytes, wherever they stand', () => {
  const cache = new CellCache<string>();
  const texts = ['', 'BHP', 'BH', 'PHB', 'é', '日本'];
  for (const text of texts) keep(cache, text);
  expect(texts.map((text) => found(cache, text))).toEqual(texts);
  expect(['B', 'bhp', 'RIO'].map((text) => found(cache, text))).toEqual([undefined, undefined, undefined]);
});

it('of more texts than it holds some are forgotten, and none is taken for another', () => {
  const cache = new CellCache<string>();
  const texts = Array.from({ length: 100_000 }, (_, index) => `S${index}`);
  for (const text of texts) keep(cache, text);
  const known = texts.filter((text) => found(cache, text) !== undefined);
  expect(known.filter((text) => found(cache, text) !== text)).toEqual([]);
  expect(known.length).toBeGreaterThan(10_000);
  expect(known.length).toBeLessThan(20_000);
});

it('long texts are not kept', () => {
  const cache = new CellCache<string>();
  keep(cache, 'x'.repeat(65));
  keep(cache, 'x'.repeat(64));
  expect(found(cache, 'x'.repeat(65))).toBeUndefined();
  expect(found(cache, 'x'.repeat(64))).toBe('x'.repeat(64));
});

it('nothing is known after it was cleared', () => {
  const cache = new CellCache<string>();
  keep(cache, 'BHP');
  cache.clear();
  expect(found(cache, 'BHP')).toBeUndefined();
});
