import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FileRejected, type Parser, type SourceFile } from '../../../src/plugin/index.ts';
import { allocate, type RowBatch } from '../../../src/rows/index.ts';
import { ParseStream } from '../../../src/runtime/stages/parse-stream.ts';
import { numberedRows } from '../support.ts';

const fileNamed = (path: string): SourceFile => ({ ...numberedRows(0).file, path });
const chunk = (file: SourceFile, text: string, eof = false) => ({ file, bytes: Buffer.from(text), eof });

/** Notes what it is given; throws at the word `broken`. */
function noting(calls: string[]): Parser {
  return {
    open(file) {
      calls.push(`open ${file.path}`);
      return {
        push(bytes, eof) {
          if (bytes.toString() === 'broken') throw new Error('no header');
          calls.push(`${file.path} ${bytes}${eof ? ' end' : ''}`);
          return eof ? numberedRows(1) : null;
        },
      };
    },
  };
}

const NOTING = { key: 'transforms.parse', name: 'noting', modulePath: null };

async function run(parser: Parser, chunks: unknown[]): Promise<RowBatch[]> {
  const batches: RowBatch[] = [];
  for await (const batch of Readable.from(chunks).pipe(new ParseStream(parser, NOTING))) batches.push(batch);
  return batches;
}

describe('the parse stream', () => {
  it('opens a parser per file and passes over calls that give no batch', async () => {
    const calls: string[] = [];
    const [a, b] = [fileNamed('a.csv'), fileNamed('b.csv')];
    const batches = await run(noting(calls), [chunk(a, '1'), chunk(a, '2', true), chunk(b, '3', true)]);
    expect(calls).toEqual(['open a.csv', 'a.csv 1', 'a.csv 2 end', 'open b.csv', 'b.csv 3 end']);
    expect(batches).toHaveLength(2);
  });

  it('does not take an early end of the stream for the end of the file', async () => {
    const calls: string[] = [];
    expect(await run(noting(calls), [chunk(fileNamed('a.csv'), '1')])).toEqual([]);
    expect(calls).toEqual(['open a.csv', 'a.csv 1']);
  });

  it('gives a parser that takes no blocks bytes that stay as they are', async () => {
    const kept: Buffer[] = [];
    const parser: Parser = {
      open: () => ({
        push(bytes, eof) {
          kept.push(bytes);
          return eof ? numberedRows(1) : null;
        },
      }),
    };
    const file = fileNamed('a.csv');
    const inBlock = (text: string, eof: boolean) => {
      const block = allocate(text.length);
      block.write(text);
      return { file, bytes: block, block, eof };
    };
    async function* chunks() {
      yield inBlock('one', false);
      yield inBlock('two', true);
    }
    for await (const _ of Readable.from(chunks(), { highWaterMark: 1 }).pipe(
      new ParseStream(parser, NOTING),
    ));
    expect(kept.map(String)).toEqual(['one', 'two']);
  });

  it('gives a file up that cannot be parsed, and names it', async () => {
    const calls: string[] = [];
    const broken = fileNamed('a.csv');
    const chunks = [chunk(broken, 'broken'), chunk(broken, 'more'), chunk(fileNamed('b.csv'), 'b1', true)];
    const items = await Readable.from(chunks)
      .pipe(new ParseStream(noting(calls), NOTING))
      .toArray();
    expect(items[0]).toBeInstanceOf(FileRejected);
    expect(items[0]).toMatchObject({ code: 'SOURCE_MALFORMED', message: 'a.csv: no header', file: broken });
    expect(items).toHaveLength(2);
    expect(calls).toEqual(['open a.csv', 'open b.csv', 'b.csv b1 end']);
  });
});
