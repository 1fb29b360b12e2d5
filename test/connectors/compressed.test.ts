import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Content } from '../../connectors/files/reading/content.ts';
import { DecodedStreams } from '../../connectors/files/reading/decoded-streams.ts';
import { DecompressedContent } from '../../connectors/files/reading/decompressed-content.ts';
import { Members } from '../../connectors/files/reading/members.ts';
import { bzip2Of, xzOf } from './compressors.ts';
import { DropFolder, lines, text } from './drop-folder.ts';
import { zipOf } from './zip-archive.ts';

const ROWS = lines(100_000);
const HALVES = [ROWS.slice(0, 50_000), ROWS.slice(50_000)].map(text) as [string, string];

const zip = (content: string): Buffer => zipOf([{ name: 'a.csv', content }]);

/**
 * Files of all kinds but zip may be of several parts, one behind another, and what comes before a damage is read. What is
 * in a zip archive stands at its end.
 */
const KINDS = [
  { name: 'gzip', file: 'a.csv.gz', compress: (content: string): Buffer => gzipSync(content) },
  { name: 'zstd', file: 'a.csv.zst', compress: (content: string): Buffer => zstdCompressSync(content) },
  { name: 'bzip2', file: 'a.csv.bz2', compress: (content: string): Buffer => bzip2Of(content, 1) },
  { name: 'xz', file: 'a.csv.xz', compress: (content: string): Buffer => xzOf(content) },
  { name: 'zip', file: 'a.csv.zip', compress: zip },
];

for (const { name, file, compress } of KINDS) {
  test(`${name}: positions, counts and sizes are those of the content, and of the file on disk`, async () => {
    const folder = new DropFolder();
    const compressed = compress(text(ROWS));
    folder.drop(file, compressed);
    const sizes = new Set<number | null>();
    const { delivered } = await folder.watch({ onChunk: (chunk) => sizes.add(chunk.file.size) });
    expect(delivered[0]?.lines).toEqual(ROWS);
    expect([...sizes]).toEqual([null]);
    expect(folder.offsets.all()).toMatchObject([
      { offset: { position: text(ROWS).length, size: compressed.length, eof: true } },
    ]);
  });

  test(`${name}: a file is known by its first bytes when its name does not say it`, async () => {
    const folder = new DropFolder();
    folder.drop('a.csv', compress('1\n2\n'));
    const { delivered } = await folder.watch();
    expect(delivered[0]?.lines).toEqual(['1', '2']);
  });

  test(`${name}: an interrupted file goes on at the row after the last committed one`, async () => {
    const folder = new DropFolder();
    folder.drop(file, compress(text(ROWS)));
    let chunks = 0;
    const first = await folder.watch({ onChunk: () => ++chunks < 3 });
    const { delivered } = await folder.watch();
    expect(first.delivered[0]?.lines.length).toBeGreaterThan(10_000);
    expect([...(first.delivered[0]?.lines ?? []), ...(delivered[0]?.lines ?? [])]).toEqual(ROWS);
  });

  test.skipIf(name === 'zip')(
    `${name}: every part of a file of several is loaded, with padding between them or without`,
    async () => {
      for (const padding of [0, 512, 600_000]) {
        const folder = new DropFolder();
        const [one, two] = HALVES;
        folder.drop(
          file,
          Buffer.concat([compress(one), Buffer.alloc(padding), compress(two), Buffer.alloc(padding)]),
        );
        const { delivered, context } = await folder.watch();
        expect(context.states.at(-1)).toMatchObject({ state: 'COMPLETED' });
        expect(delivered[0]?.lines).toEqual(ROWS);
      }
    },
  );

  test.skipIf(name === 'zip')(
    `${name}: a part that is appended to a delivered file is new rows`,
    async () => {
      const folder = new DropFolder();
      const [one, two] = HALVES.map(compress) as [Buffer, Buffer];
      folder.drop(file, one);
      await folder.watch();
      folder.drop(file, Buffer.concat([one, two]), 60);
      const { delivered } = await folder.watch();
      expect(delivered[0]?.lines).toEqual(ROWS.slice(50_000));
    },
  );

  test(`${name}: the same content that comes again is known`, async () => {
    const folder = new DropFolder();
    folder.drop(file, compress(text(ROWS)));
    await folder.watch();
    folder.touch(file, 60);
    const { delivered, context } = await folder.watch();
    expect(delivered).toEqual([]);
    expect(context.states.at(-1)?.state).toBe('SKIPPED');
  });

  const whole = compress(text(ROWS));
  test.each([
    ['cut short', whole.subarray(0, -9)],
    ['cut short in its second part', Buffer.concat([whole, whole.subarray(0, 6)])],
    ['followed by something else', Buffer.concat([whole, Buffer.from('and some more')])],
    ['not compressed at all', Buffer.from('1\n2\n')],
    ['the beginning of a zip archive', Buffer.from('PK\x03\x04\x14\0\0\0\x08\0')],
    ['empty', Buffer.alloc(0)],
  ])(`${name}: a file that is %s is an error, never complete`, async (_, content) => {
    const folder = new DropFolder();
    folder.drop(file, content);
    expect(await folder.rejection()).toMatchObject({ code: 'SOURCE_MALFORMED', retriable: false });
    expect(folder.offsets.all().filter(({ offset }) => offset.eof === true)).toEqual([]);
  });

  test.skipIf(name === 'zip')(
    `${name}: a file that is damaged because it is written to may be tried again`,
    async () => {
      const folder = new DropFolder();
      folder.drop(file, whole.subarray(0, -9));
      const rejection = await folder.rejection({
        config: { errorPath: folder.failed },
        onChunk: () => folder.touch(file, 5),
      });
      expect(rejection).toMatchObject({ code: 'SOURCE_CHANGED', retriable: true });
      expect(folder.has(`in/${file}`)).toBe(true);
    },
  );

  test(`${name}: an interrupted file that comes again cut short delivers nothing twice`, async () => {
    const folder = new DropFolder();
    const config = { errorPath: folder.failed };
    const rows = Array.from({ length: 20_000 }, () => randomBytes(25).toString('hex'));
    folder.drop(file, compress(text(rows)));
    let chunks = 0;
    const first = await folder.watch({ config, onChunk: () => ++chunks < 3 });
    folder.drop(file, compress(text(rows)).subarray(0, 80_000), 60);
    const second = await folder.watch({ config });
    expect(second.delivered).toEqual([]);
    expect(folder.list('failed')).toHaveLength(2);
    folder.drop(file, compress(text(rows)), 120);
    const third = await folder.watch({ config });
    expect([...(first.delivered[0]?.lines ?? []), ...(third.delivered[0]?.lines ?? [])]).toEqual(rows);
  });

  test(`${name}: a damaged file is put away where there is a folder for it, and goes on when it comes whole`, async () => {
    const folder = new DropFolder();
    const config = { errorPath: folder.failed };
    folder.drop(file, whole.subarray(0, -9));
    folder.drop('good.csv', '1\n', 1);
    const first = await folder.watch({ config, ends: 2 });
    expect(first.delivered.map(({ path }) => path)).toEqual(
      name === 'zip' ? ['good.csv'] : [file, 'good.csv'],
    );
    expect(folder.list('failed')).toEqual([file, `${file}.error.json`]);
    folder.drop(file, whole, 60);
    const second = await folder.watch({
      config,
      until: ({ states }) => states.some(({ path, state }) => path === file && state === 'COMPLETED'),
    });
    const halves = [first, second].map(
      ({ delivered }) => delivered.find(({ path }) => path === file)?.lines ?? [],
    );
    expect(halves.flat()).toEqual(ROWS);
  });
}

/** What a file is given up for. */
async function reason(file: string, content: Buffer, config = {}): Promise<string | undefined> {
  const folder = new DropFolder();
  folder.drop(file, content);
  return (await folder.rejection({ config }))?.message;
}

test.each([
  ['a.csv.gz', gzipSync('1\n2\n'), 'gzip'],
  ['a.csv.zst', zstdCompressSync('1\n2\n'), 'zstd'],
  ['a.csv.bz2', bzip2Of('1\n2\n'), 'bzip2'],
  ['a.csv.xz', xzOf('1\n2\n'), 'xz'],
])(
  'what follows the whole of %s is told as what it is, behind padding as well',
  async (file, whole, kind) => {
    for (const padding of [0, 600_000]) {
      expect(
        await reason(file, Buffer.concat([whole, Buffer.alloc(padding), Buffer.from('and some more')])),
      ).toBe(
        `"${file}" goes on behind the end of its ${kind} data with what is none; cut that off, or have the file sent again`,
      );
    }
  },
);

test('an xz file with a check that is not read says how to make one that is', async () => {
  const file = xzOf('1\n2\n', 'sha256');
  expect(await reason('a.csv.xz', file)).toContain('xz writes one that is by --check=crc64');
});

test('a name that ends with .gz makes no gzip file: what it is is told', async () => {
  expect(await reason('a.csv.gz', Buffer.from('1\n2\n'))).toBe(
    '"a.csv.gz" is no gzip file, though it is called one; give it its own name',
  );
  expect(await reason('a.csv.gz', Buffer.from('%PDF-1.7\n'))).toContain(
    '"a.csv.gz" is a PDF document, not rows of text',
  );
  expect(await reason('a.zip', Buffer.from('1\n2\n'))).toBe(
    '"a.zip" is no zip archive, though it is called one; give it its own name',
  );
});

test.each(KINDS)(
  'what is cut short or damaged is told with what it was taken for: $name',
  async ({ file, name, compress }) => {
    const whole = compress('1\n2\n');
    for (const content of [
      whole.subarray(0, -5),
      Buffer.concat([whole.subarray(0, -5), Buffer.alloc(5, 7)]),
    ]) {
      expect(await reason(file, content)).toMatch(
        new RegExp(`^"${file}" cannot be decompressed \\(${name}\\) after byte \\d of its content \\(.+\\)`),
      );
    }
  },
);

test('the content decides how a file is compressed, and its name only where that says nothing', async () => {
  for (const { compress } of KINDS) {
    for (const { file } of KINDS) {
      const folder = new DropFolder();
      folder.drop(file, compress('1\n2\n'));
      expect((await folder.watch()).delivered[0]?.lines).toEqual(['1', '2']);
    }
  }
});

test('the one file of a zip archive is its rows, stored or packed, whatever programs put beside it', async () => {
  const beside = [
    { name: 'out/', content: '' },
    { name: '__MACOSX/out/._a.csv', content: 'x' },
    { name: 'out/.DS_Store', content: 'x' },
  ];
  for (const method of [0, 8]) {
    const folder = new DropFolder();
    folder.drop('a.csv', zipOf([...beside, { name: 'out/a.csv', content: '1\n2\n', method }]));
    expect((await folder.watch()).delivered[0]?.lines).toEqual(['1', '2']);
  }
});

const MEMBER = { name: 'a.csv', content: '1\n2\n' };

test.each([
  [
    'of none',
    zipOf([{ name: 'out/', content: '' }]),
    'is a zip archive with no file in it; have it sent again',
  ],
  [
    'with a password',
    zipOf([{ ...MEMBER, isEncrypted: true }]),
    'is a zip archive with a password; unpack it',
  ],
  [
    'of another method',
    zipOf([{ ...MEMBER, method: 93 }]),
    'is a zip archive packed by method 93, which cannot be read; pack it by deflate, or unpack it',
  ],
  [
    'with another checksum',
    zipOf([{ ...MEMBER, crc: 1 }]),
    'cannot be decompressed (zip) after byte 4 of its content ("a.csv" has not the size and CRC-32 that the archive says); it is cut short or damaged: have it sent again',
  ],
  [
    'with nothing in it',
    zipOf([]),
    'is a zip archive with nothing in it, not rows of text; have the file of rows sent; this is what a server or a program answered in its place, perhaps',
  ],
])('a zip archive %s is given up with the reason', async (_, archive, expected) => {
  expect(await reason('a.zip', archive)).toBe(`"a.zip" ${expected}`);
});

test('a frame of zstd that holds no content is passed over', async () => {
  const folder = new DropFolder();
  const skippable = Buffer.from([0x51, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7]);
  folder.drop(
    'a.csv.zst',
    Buffer.concat([skippable, zstdCompressSync('1\n'), skippable, zstdCompressSync('2\n')]),
  );
  const { delivered } = await folder.watch();
  expect(delivered[0]?.lines).toEqual(['1', '2']);
});

test('a compressed file with more content than it may have is given up, and what came before stays delivered', async () => {
  expect(await reason('a.csv.gz', gzipSync(text(ROWS)), { decompressedMaxBytes: 300_000 })).toBe(
    '"a.csv.gz" has more than 300000 bytes of content (decompressed.max.bytes); raise that if it is meant to be so large',
  );
});

test.each([
  ['gzip', gzipSync(Buffer.alloc(20_000_000))],
  ['zstd', zstdCompressSync(Buffer.alloc(20_000_000))],
  ['bzip2', bzip2Of(Buffer.alloc(20_000_000))],
  ['xz', xzOf(Buffer.alloc(20_000_000))],
] as const)(
  '%s: a small file with content without end is given up by its ratio, data that differs is not',
  async (kind, bomb) => {
    const limits = { maxBytes: 2 ** 40, maxRatio: 250, ratioFromBytes: 1_000_000 };
    const read = async (content: Buffer) => {
      const raw: Content = {
        async *read(from, to) {
          yield content.subarray(from, to);
        },
        async *pieces() {},
      };
      let length = 0;
      const decompression =
        kind === 'gzip' || kind === 'zstd' ? new Members(raw, kind, 'a') : new DecodedStreams(raw, kind, 'a');
      const decompressed = new DecompressedContent(decompression, 'a', limits);
      for await (const bytes of decompressed.read(0)) length += bytes.length;
      return length;
    };
    await expect(read(bomb)).rejects.toThrow(
      /^"a" has \d+ bytes of content in its first \d+ bytes, more than 250 for one/,
    );
    const varied = text(Array.from({ length: 200_000 }, (_, i) => `BHP,2026-01-05T10:00:00.${i},41.25,100`));
    expect(varied.length).toBeGreaterThan(5_000_000);
    const compress = KINDS.find(({ name }) => name === kind)?.compress as (content: string) => Buffer;
    expect(await read(compress(varied))).toBe(varied.length);
  },
);
