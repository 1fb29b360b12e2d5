import { expect, test } from 'vitest';
import type { PutAwayOutcome } from '../../../../connectors/files/file-store.ts';
import { type Mover, moveInto } from '../../../../connectors/files/remote/move-into.ts';

const VERSION = { size: 1, mtimeNs: 0n, identity: 'one', change: '' };

/** Whose names are taken, by copies of the file or by others. */
class Names implements Mover {
  readonly tried: string[] = [];
  readonly #taken: Readonly<Record<string, 'copy' | 'other'>>;
  readonly #removal: PutAwayOutcome;

  constructor(taken: Readonly<Record<string, 'copy' | 'other'>> = {}, removal: PutAwayOutcome = 'done') {
    this.#taken = taken;
    this.#removal = removal;
  }

  async moveTo(_found: unknown, _version: unknown, target: string): Promise<'taken' | 'done'> {
    this.tried.push(target);
    return target in this.#taken ? 'taken' : 'done';
  }

  async isCopy(_found: unknown, _version: unknown, target: string): Promise<boolean> {
    return this.#taken[target] === 'copy';
  }

  async remove(): Promise<PutAwayOutcome> {
    return this.#removal;
  }
}

function move(names: Names, place: string) {
  return moveInto(names, 'done/', { path: place, absolute: place, place }, VERSION, 'gen');
}

test.each([
  ['a.csv.gz', 'done/a.csv.gz', 'done/a.gen.csv.gz'],
  ['in//a', 'done/in//a', 'done/in//a.gen'],
  ['../a.csv', 'done/../a.csv', 'done/../a.gen.csv'],
  ['./.a/./b.csv', 'done/./.a/./b.csv', 'done/./.a/./b.gen.csv'],
])(
  '%s stays below the folder under its own name, or one with the generation',
  async (place, first, second) => {
    expect(await move(new Names(), place)).toEqual({ target: first });
    expect(await move(new Names({ [first]: 'other' }), place)).toEqual({ target: second });
  },
);

test('a copy that an attempt before has left is where the file is moved to', async () => {
  const names = new Names({ 'done/a.csv': 'other', 'done/a.gen.csv': 'copy' });
  expect(await move(names, 'a.csv')).toEqual({ target: 'done/a.gen.csv' });
  expect(names.tried).toEqual(['done/a.csv', 'done/a.gen.csv']);
});

test('a file that was replaced after it was copied stays, and one that is gone by then was moved', async () => {
  const taken = { 'done/a.csv': 'copy' } as const;
  expect(await move(new Names(taken, 'replaced'), 'a.csv')).toBe('replaced');
  expect(await move(new Names(taken, 'gone'), 'a.csv')).toEqual({ target: 'done/a.csv' });
});
