import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import csv from '../../../transforms/csv/index.ts';
import lines from '../../../transforms/lines/index.ts';
import { DOUBLE_BYTE_ENCODINGS, doubleByte } from '../../../transforms/text/double-byte.ts';
import { rowsFromEveryRow } from '../cut-files.ts';
import { fakeFile, makeParser, piecesOf, pluginContext, pushAll, rowsOf } from '../support.ts';

/** Bytes of a text in any encoding, by the way back from what each pair of bytes means. */
function encoded(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map<string, number[]>();
  for (let lead = 0xff; lead >= 0x80; lead--) {
    for (let trail = 0x40; trail <= 0xfe; trail++)
      bytes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    bytes.set(decoder.decode(Uint8Array.of(lead)), [lead]);
  }
  for (let ascii = 0; ascii < 0x80; ascii++) bytes.set(String.fromCharCode(ascii), [ascii]);
  return Buffer.from(
    Array.from(text, (character) => {
      const found = bytes.get(character);
      if (found === undefined) throw new Error(`${encoding} has no ${character}`);
      return found;
    }).flat(),
  );
}

const TEXTS = {
  west: 'Größe,Straße,Prénom\nMünchen,Königsallee 5,François\nÀ l’été,„Übung“,5 €\n',
  japan: '銘柄コード,銘柄名,市場\n1301,極洋,プライム（内国株式）\n1332,ニッスイ,ﾌﾟﾗｲﾑ\n',
  korea: '종목코드,종목명,시장구분\n005930,삼성전자,유가증권\n000660,에스케이하이닉스,코스피\n',
  china: '证券代码,证券简称,上市日期\n600000,浦发银行,上海\n600036,招商银行,证券交易所\n',
  taiwan: '證券代號,證券名稱,成交股數\n2330,台積電,二千萬\n2317,鴻海精密,開盤價與收盤價\n',
  russia: 'Код,Название,Цена\nСБЕР,Сбербанк России,обыкновенные\n',
};

/** What it says of a file, its cells, and what is told in the log. */
function read(bytes: Buffer, options: Readonly<Record<string, unknown>> = {}) {
  const told: unknown[] = [];
  const log = { ...pluginContext.log, info: (_: string, about?: object) => told.push(about) };
  const defaults = Object.fromEntries(
    Object.entries(csv.config).map(([name, option]) => [name, option.default]),
  );
  const parser = csv.create({ ...defaults, encoding: 'auto', ...options } as never, {
    ...pluginContext,
    log,
  });
  const batches = pushAll(parser.open(fakeFile()) as never, piecesOf(bytes, 7));
  const rows = rowsOf(batches).map(({ cells, error }) => cells ?? error);
  return { text: [batches.at(-1)?.columns, ...rows].map(String).join('\n'), told };
}

const inUtf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('encoding: auto', () => {
  it.each([
    ['utf8', 'UTF-8', Buffer.from(TEXTS.japan), TEXTS.japan],
    ['utf8', 'UTF-8 with its mark', Buffer.from(`\ufeff${TEXTS.west}`), TEXTS.west],
    ['utf8', 'ASCII', Buffer.from('a,b\n1,2\n'), 'a,b\n1,2\n'],
    ['utf16le', 'UTF-16LE with its mark', inUtf16(`\ufeff${TEXTS.russia}`), TEXTS.russia],
    ['utf16le', 'UTF-16LE', inUtf16(TEXTS.west), TEXTS.west],
    ['utf16be', 'UTF-16BE', inUtf16(TEXTS.west).swap16(), TEXTS.west],
    ['utf16le', 'UTF-16LE of another script', inUtf16(TEXTS.japan), TEXTS.japan],
    ['utf16be', 'UTF-16BE of another script', inUtf16(TEXTS.russia).swap16(), TEXTS.russia],
    ['windows-1252', 'Latin', encoded(TEXTS.west, 'windows-1252'), TEXTS.west],
    ['shift_jis', 'Shift_JIS', encoded(TEXTS.japan, 'shift_jis'), TEXTS.japan],
    ['euc-jp', 'EUC-JP', encoded(TEXTS.japan, 'euc-jp'), TEXTS.japan],
    ['euc-kr', 'EUC-KR', encoded(TEXTS.korea, 'euc-kr'), TEXTS.korea],
    ['gbk', 'GBK', encoded(TEXTS.china, 'gbk'), TEXTS.china],
    ['big5', 'Big5', encoded(TEXTS.taiwan, 'big5'), TEXTS.taiwan],
  ])('finds %s by what is in the file: %s', (encoding, _, bytes, text) => {
    const found = read(bytes);
    expect(found.text).toBe(text.trimEnd());
    expect(found.told).toEqual([{ file: 'drop/trades.csv', encoding, because: expect.any(String) }]);
  });

  it.each([
    ['windows-1251', TEXTS.russia, 'runs of bytes beyond ASCII'],
    ['koi8-r', TEXTS.russia, 'runs of bytes beyond ASCII'],
    ['macintosh', 'n,m\n1,Chérie\n', 'no letter of windows-1252'],
    ['windows-1250', 'n,m\n1,Małgorzata\n', 'no letter of windows-1252'],
    ['ibm866', TEXTS.russia, 'is not UTF-8'],
  ])('gives a file up rather than take it for another: %s', (encoding, text, why) => {
    expect(() => read(encoded(text, encoding))).toThrow(why);
    expect(() => read(encoded(text, encoding))).toThrow('set the encoding of the csv parser');
    expect(read(encoded(text, encoding), { encoding }).text).toBe(text.trimEnd());
  });

  it('goes by the beginning of the file alone, in whatever pieces it comes and wherever it goes on', async () => {
    // 64 bytes decide.
    const options = { encoding: 'auto', maxRecordBytes: 4 };
    for (const [text, encoding] of [
      [`a\n${'é\n'.repeat(60)}`, 'windows-1252'],
      [`a\n${'ア\n'.repeat(40)}`, 'shift_jis'],
    ] as const) {
      const bytes = encoded(text, encoding);
      const rows = await rowsFromEveryRow(csv, { options, bytes });
      expect(new Set(rows.map(({ cells }) => cells?.[0]))).toEqual(new Set([text[2]]));
      expect(rows).toHaveLength(text.split('\n').length - 2);
    }
    const late = Buffer.concat([Buffer.from(`a\n${'b\n'.repeat(60)}`), Buffer.from('é\n', 'latin1')]);
    const rows = await rowsFromEveryRow(csv, { options, bytes: late });
    expect(rows.at(-1)?.error).toMatch('InvalidUtf8: expected UTF-8, got other bytes');
    expect(rows.filter(({ error }) => error !== undefined)).toHaveLength(1);
  });

  it.each([
    ['a,b\n1,\0\n', 'utf8'],
    ['a,b\n1,\0\n2,é\n', 'utf8'],
    ['a,b\n1,\0x\n2,\0\n3,\0\n', 'utf8'],
    ['\0\n\0\n', 'utf16be'],
  ])('takes NULs for what they are in %j', (text, encoding) => {
    expect(read(Buffer.from(text), { header: false, columns: ['a', 'b'] }).told).toEqual([
      expect.objectContaining({ encoding }),
    ]);
  });

  it('does not take one byte a character with a NUL for UTF-16', () => {
    const bytes = Buffer.from('a,b\n1,é\n2,\0\n', 'latin1');
    expect(read(bytes, { header: false, columns: ['a', 'b'] }).told).toEqual([
      expect.objectContaining({ encoding: 'windows-1252' }),
    ]);
  });

  it('reads UTF-8 that is spoiled in places as what it is', () => {
    const bytes = Buffer.concat([Buffer.from(TEXTS.japan), Buffer.of(0xe9), Buffer.from(',x,y\n')]);
    const { text, told } = read(bytes);
    expect(text.split('\n').at(-1)).toMatch('InvalidUtf8: expected UTF-8');
    expect(told).toEqual([
      expect.objectContaining({ encoding: 'utf8', because: 'all of it is UTF-8, but for 1 of its bytes' }),
    ]);
  });

  it('is of all parsers of text', () => {
    const parser = makeParser(lines, { encoding: 'auto' }).open(fakeFile());
    expect(rowsOf(pushAll(parser, [encoded('プライム\n', 'shift_jis')])).map(({ cells }) => cells)).toEqual([
      ['プライム'],
    ]);
  });
});

describe.each(DOUBLE_BYTE_ENCODINGS)('%s', (encoding) => {
  const decoding = doubleByte(encoding);

  it('has the length in the file of any text, and of what is none', () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48271) % 0x7fffffff;
      return seed % below;
    };
    for (let trial = 0; trial < 3000; trial++) {
      const bytes = Buffer.from(Array.from({ length: 1 + (trial % 7) }, () => random(256)));
      const text = decoding.toUtf8(bytes, true);
      expect(decoding.fileLength(text, 0, text.length)).toBe(bytes.length);
      const part = decoding.toUtf8(bytes, false);
      expect(text.subarray(0, part.length)).toEqual(part);
      const isText = !text.includes('\ufffd');
      expect(decoding.isText(bytes)).toBe(isText);
      expect(decoding.firstInvalid(bytes) === bytes.length).toBe(isText);
    }
  });

  it('rejects a row that is no text in it, and none beside it', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.of(0xff), Buffer.from('\n2,x\n')]);
    const rows = await rowsFromEveryRow(csv, { options: { encoding }, bytes });
    expect(rows.map(({ error, cells }) => error ?? cells)).toEqual([
      `InvalidText: expected ${encoding}, got other bytes in column "b" at byte 6 of the file`,
      ['2', 'x'],
    ]);
  });

  it('is what Python writes, where that is installed', ({ skip }) => {
    const text =
      TEXTS[({ 'euc-kr': 'korea', gbk: 'china', big5: 'taiwan' } as const)[encoding as 'gbk'] ?? 'japan'];
    const python = spawnSync(
      'python3',
      [
        '-c',
        `import sys;sys.stdout.buffer.write(sys.stdin.buffer.read().decode('utf8').encode('${encoding}'))`,
      ],
      { input: text },
    );
    if (python.error !== undefined) skip();
    expect(decoding.toUtf8(python.stdout, true).toString()).toBe(text);
  });
});
