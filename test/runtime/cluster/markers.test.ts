import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Placement } from '../../../src/config/connector-config.ts';
import { MarkerWatch, wantedLabels } from '../../../src/runtime/cluster/markers.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-markers-'));
const at = (name: string) => join(folder, name);
const marked = (marker: string | null): Placement => ({ labels: [], marker });
const watches: MarkerWatch[] = [];

function watch(onChange = () => {}): MarkerWatch {
  const made = new MarkerWatch(onChange);
  watches.push(made);
  return made;
}

afterEach(() => {
  for (const made of watches.splice(0)) made.stop();
});

describe('a connector wants', () => {
  test('nothing, where it has no placement', () => {
    expect(wantedLabels('trades', marked(null))).toEqual(new Map());
  });

  test('its labels, and a worker that sees its marker', () => {
    expect(wantedLabels('trades', { labels: ['zone=sydney', 'mount=a'], marker: '/drop/.asx' })).toEqual(
      new Map([
        ['zone', 'sydney'],
        ['mount', 'a'],
        ['placement.marker of trades', '.asx'],
      ]),
    );
  });
});

describe('a worker has', () => {
  test('what connectors want whose markers it sees, and of others nothing', async () => {
    writeFileSync(at('.seen'), '');
    const watched = watch();
    const placements = new Map([
      ['a', marked(at('.seen'))],
      ['b', marked(at('.seen'))],
      ['c', marked(at('nowhere/.other'))],
      ['d', marked(null)],
    ]);
    await watched.follow(placements);
    expect([...watched.labels]).toEqual(
      ['a', 'b'].flatMap((name) => [...wantedLabels(name, placements.get(name) as Placement)]),
    );
  });

  test('other labels, of which it tells, when a marker comes and when it goes', async () => {
    const changes: string[][] = [];
    const waiting: (() => void)[] = [];
    const watched = watch(() => {
      changes.push([...watched.labels.values()]);
      waiting.shift()?.();
    });
    const changed = () => new Promise<void>((resolve) => waiting.push(resolve));
    await watched.follow(new Map([['a', marked(at('.later'))]]));
    expect(watched.labels.size).toBe(0);
    writeFileSync(at('.later'), '');
    await changed();
    renameSync(at('.later'), at('.moved'));
    await changed();
    expect(changes).toEqual([['.later'], []]);
  });

  test('no label of a connector that is followed no more', async () => {
    writeFileSync(at('.here'), '');
    const watched = watch();
    await watched.follow(new Map([['a', marked(at('.here'))]]));
    await watched.follow(new Map());
    expect(watched.labels.size).toBe(0);
  });
});
