import { linkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DropFolder, text } from './drop-folder.ts';

const POLICIES = ['auto', 'skip', 'reprocess', 'fail'] as const;
type Policy = (typeof POLICIES)[number];

/** What each policy makes of a file that was delivered as 1, 2 and comes again: the rows loaded, or what else. */
const EXPECTED: Record<string, { content: string; results: Record<Policy, string[] | 'SKIPPED' | 'fails'> }> =
  {
    'the same content': {
      content: '1\n2\n',
      results: { auto: 'SKIPPED', skip: 'SKIPPED', reprocess: ['1', '2'], fail: 'fails' },
    },
    'rows appended': {
      content: '1\n2\n3\n',
      results: { auto: ['3'], skip: 'SKIPPED', reprocess: ['1', '2', '3'], fail: 'fails' },
    },
    'other content': {
      content: '3\n4\n',
      results: { auto: ['3', '4'], skip: 'SKIPPED', reprocess: ['3', '4'], fail: 'fails' },
    },
    'fewer rows': {
      content: '1\n',
      results: { auto: ['1'], skip: 'SKIPPED', reprocess: ['1'], fail: 'fails' },
    },
  };

const CASES = Object.entries(EXPECTED).flatMap(([what, { content, results }]) =>
  POLICIES.map((onReappear) => ({ what, content, onReappear, result: results[onReappear] })),
);

for (const place of ['moved', 'left in place'] as const) {
  test.each(CASES)(
    `a file that was delivered and ${place} comes with $what and on.reappear $onReappear`,
    async (given) => {
      const folder = new DropFolder();
      const { onReappear, result } = given;
      const config = { onReappear, finishedPath: place === 'moved' ? folder.done : null };
      folder.drop('a.csv', '1\n2\n');
      await folder.watch({ config });
      folder.drop('a.csv', given.content, 60);
      const again = folder.watch({ config });
      if (result === 'fails') {
        await expect(again).rejects.toMatchObject({
          code: 'SOURCE_REAPPEARED',
          retriable: false,
          message: expect.stringMatching(/^"a.csv" .*on.reappear/),
        });
        expect(folder.has('in/a.csv')).toBe(true);
        return;
      }
      const { delivered, context } = await again;
      expect(delivered.map((delivery) => delivery.lines)).toEqual(result === 'SKIPPED' ? [] : [result]);
      expect(context.states.at(-1)?.state).toBe(result === 'SKIPPED' ? 'SKIPPED' : 'COMPLETED');
      expect(folder.has('in/a.csv')).toBe(place === 'left in place');
      if (place === 'moved') expect(folder.list('done')).toHaveLength(2);
    },
  );
}

test('a file dropped again while the task runs is held against what the task itself has delivered', async () => {
  const folder = new DropFolder();
  const config = { finishedPath: folder.done, scanIntervalMs: 100 };
  folder.drop('a.csv', '1\n');
  let drops = 0;
  const { delivered, context } = await folder.watch({
    config,
    until: ({ states }) => {
      const ends = states.filter(({ state }) => state === 'COMPLETED' || state === 'SKIPPED').length;
      if (ends > drops) folder.drop('a.csv', ++drops === 1 ? '1\n' : '2\n', 60 * drops);
      return ends === 3;
    },
  });
  expect(delivered.map(({ lines }) => lines)).toEqual([['1'], ['2']]);
  expect(context.states.map(({ state }) => state)).toContain('SKIPPED');
});

test('content that is loaded a second time on purpose is a generation of its own', async () => {
  const folder = new DropFolder();
  const config = { onReappear: 'reprocess' } as const;
  for (const age of [0, 60, 120]) {
    folder.drop('a.csv', '1\n', age);
    await folder.watch({ config });
  }
  const generations = folder.offsets.all().map(({ partition }) => String(partition.generation));
  const [hash] = generations;
  expect(generations).toEqual([hash, `${hash}.2`, `${hash}.3`]);
});

test('a file left in place is not one that came again, whatever the policy', async () => {
  for (const onReappear of POLICIES) {
    const folder = new DropFolder();
    folder.drop('a.csv', '1\n');
    await folder.watch({ config: { onReappear } });
    setTimeout(() => folder.drop('b.csv', '2\n'), 100);
    const { delivered } = await folder.watch({ config: { onReappear } });
    expect(delivered.map(({ path }) => path)).toEqual(['b.csv']);
  }
});

test('two contents with the same beginning are two generations', async () => {
  const folder = new DropFolder();
  const beginning = '0123456789\n'.repeat(6000);
  const generations: string[] = [];
  for (const [age, end] of ['a', 'b', 'c'].entries()) {
    folder.drop('a.csv', `${beginning}${end}\n`, age * 60);
    const { delivered } = await folder.watch();
    expect(delivered[0]?.lines).toHaveLength(6001);
    generations.push(String(delivered[0]?.generation));
  }
  expect(generations).toEqual([generations[0], `${generations[0]}.2`, `${generations[0]}.3`]);
});

test('content that differs in its middle alone is other content', async () => {
  const folder = new DropFolder();
  const rows = Array.from({ length: 30_000 }, (_, index) => String(index).padStart(9, '0'));
  folder.drop('a.csv', text(rows));
  await folder.watch();
  folder.drop('a.csv', text(rows.with(15_000, 'different')), 60);
  const { delivered } = await folder.watch();
  expect(delivered[0]?.lines[15_000]).toBe('different');
});

test('a last row without a line end that has grown is changed content, as half a row was delivered', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2');
  await folder.watch();
  folder.drop('a.csv', '1\n23\n', 60);
  const { delivered } = await folder.watch();
  expect(delivered[0]?.lines).toEqual(['1', '23']);
});

test('a last row without a line end may get one and have rows after it', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2');
  await folder.watch();
  folder.drop('a.csv', '1\n2\n3\n', 60);
  const { delivered } = await folder.watch();
  expect(delivered[0]?.lines.filter((line) => line !== '')).toEqual(['3']);
});

test('an interrupted file of which the content changed is loaded anew even when no name is loaded twice', async () => {
  const folder = new DropFolder();
  folder.drop('a.csv', '1\n2\n');
  const config = { onReappear: 'skip' } as const;
  await folder.watch({ config, onChunk: ({ eof }) => !eof });
  folder.drop('a.csv', '3\n4\n', 60);
  const { delivered } = await folder.watch({ config });
  expect(delivered[0]?.lines).toEqual(['3', '4']);
});

/** 240 kB, of which only a row in the middle tells one from the other. */
const PRICES = Array.from({ length: 20_000 }, (_, index) => `S${String(index).padStart(5, '0')},${index}.25`);
const MENDED = PRICES.with(10_000, 'S10000,10000.26');

const WAYS = ['moved', 'deleted', 'left in place'] as const;

const configOf = (way: (typeof WAYS)[number], { done }: DropFolder) => ({
  finishedPath: way === 'moved' ? done : null,
  finishedDelete: way === 'deleted',
});

/** Puts a file into place with a rename, as `cp -p` to a hidden name and `mv` do. */
function put(folder: DropFolder, path: string, content: string | Buffer): void {
  folder.drop('.part', content);
  renameSync(join(folder.input, '.part'), join(folder.input, path));
}

test.each(WAYS)(
  'a file that was delivered and %s, mended in the middle and sent with its old size and time, is loaded anew',
  async (way) => {
    for (const restarts of [false, true]) {
      const folder = new DropFolder();
      const config = { ...configOf(way, folder), scanIntervalMs: 100 };
      const sent = [PRICES, MENDED, PRICES];
      const delivered: (readonly string[])[] = [];
      const send = () => put(folder, 'p.csv', text(sent.shift() ?? []));
      send();
      const first = await folder.watch({
        config,
        until: ({ states }) => {
          const ends = states.filter(({ state }) => state === 'COMPLETED').length;
          if (!restarts && ends === 1 && sent.length === 2) send();
          return ends === (restarts ? 1 : 2);
        },
      });
      delivered.push(...first.delivered.map(({ lines }) => lines));
      if (restarts) {
        send();
        delivered.push(...(await folder.watch({ config })).delivered.map(({ lines }) => lines));
      }
      expect(delivered).toEqual([PRICES, MENDED]);
    }
  },
);

test('a compressed file, and one rewritten in place with its time put back, are held against what was delivered too', async () => {
  const folder = new DropFolder();
  put(folder, 'a.csv.gz', gzipSync(text(PRICES), { level: 0 }));
  folder.drop('b.csv', text(PRICES));
  await folder.watch({ ends: 2 });
  put(folder, 'a.csv.gz', gzipSync(text(MENDED), { level: 0 }));
  writeFileSync(join(folder.input, 'b.csv'), text(MENDED), { flag: 'r+' });
  folder.touch('b.csv', 0);
  const { delivered } = await folder.watch({ ends: 2 });
  expect(delivered.map(({ path, lines }) => [path, lines[10_000]]).sort()).toEqual([
    ['a.csv.gz', MENDED[10_000]],
    ['b.csv', MENDED[10_000]],
  ]);
});

test.each([
  ['auto', 'SKIPPED'],
  ['skip', 'SKIPPED'],
  ['reprocess', ['1']],
] as const)(
  'the same content with the same time, after the file was put away, came again: on.reappear %s',
  async (onReappear, result) => {
    for (const way of ['moved', 'deleted'] as const) {
      const folder = new DropFolder();
      let drops = 0;
      const { delivered, context } = await folder.watch({
        config: { ...configOf(way, folder), onReappear, scanIntervalMs: 100 },
        until: ({ states }) => {
          const ends = states.filter(({ state }) => state === 'COMPLETED' || state === 'SKIPPED').length;
          if (ends === drops && drops < 2) {
            drops++;
            put(folder, 'a.csv', '1\n');
          }
          return ends === 2;
        },
      });
      expect(delivered.map(({ lines }) => lines)).toEqual(result === 'SKIPPED' ? [['1']] : [['1'], ['1']]);
      expect(context.states.at(-1)?.state).toBe(result === 'SKIPPED' ? 'SKIPPED' : 'COMPLETED');
    }
  },
);

test('a kill in the middle of a move is no second coming, whatever the policy', async () => {
  for (const onReappear of POLICIES) {
    const folder = new DropFolder();
    const config = { onReappear, finishedPath: folder.done };
    folder.drop('a.csv', '1\n');
    await folder.watch({ config, crashBeforeFinish: true, until: () => isStoredAsRead(folder) });
    linkSync(join(folder.input, 'a.csv'), join(folder.done, 'a.csv'));
    const { delivered, context } = await folder.watch({ config });
    expect(delivered).toEqual([]);
    expect(context.states).toMatchObject([{ state: 'COMPLETED', detail: { unread: true } }]);
    expect([folder.list('in'), folder.list('done')]).toEqual([[], ['a.csv']]);
  }
});

function isStoredAsRead({ offsets }: DropFolder): boolean {
  return offsets.all().some(({ offset }) => offset.eof === true);
}
