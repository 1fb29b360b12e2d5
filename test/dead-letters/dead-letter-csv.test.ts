import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { deadLetterCsv, readDeadLetterCsv } from '../../src/dead-letters/dead-letter-csv.ts';

const letter = fc.record({
  row: fc.nat(),
  line: fc.nat(),
  offset: fc.nat(),
  file: fc.string({ unit: 'grapheme' }),
  message: fc.string({ unit: 'grapheme' }),
  stage: fc.constantFrom('PARSE', 'TRANSFORMATION'),
  raw: fc
    .oneof(
      fc.uint8Array(),
      fc.stringMatching(/^[",\r\n a]*$/).map((text) => new TextEncoder().encode(text)),
    )
    .map((bytes) => Buffer.from(bytes)),
});

async function fileWith(content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-letters-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'letters.csv');
  await writeFile(path, content);
  return path;
}

test('any row comes back byte for byte where formulas are escaped', async () => {
  const path = await fileWith('');
  const formula = letter.map((one) => ({ ...one, raw: Buffer.concat([Buffer.from("'="), one.raw]) }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(letter, formula)), async (letters) => {
      await writeFile(path, deadLetterCsv(letters, true));
      expect(await readDeadLetterCsv(path)).toEqual(letters);
    }),
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "'=1"])(
  'no spreadsheet takes %j for a formula where they are escaped',
  async (text) => {
    const one = {
      row: 1,
      line: 2,
      offset: 3,
      file: text,
      message: text,
      stage: 'PARSE',
      raw: Buffer.from(text),
    };
    const plain = { ...one, file: 'a=1', message: '1-1', raw: Buffer.from('a,=1') };
    expect(deadLetterCsv([one, plain], true).toString()).toBe(
      'row_number,error,record,file,line,offset,stage,escaped\n' +
        `1,"'${text}","'${text}","'${text}",2,3,PARSE,formulas\n` +
        '1,"1-1","a,=1","a=1",2,3,PARSE,formulas\n',
    );
    expect(deadLetterCsv([one]).toString()).toContain(`1,"${text}","${text}","${text}",2,3,PARSE\n`);
  },
);

test('a formula that a person has written into a file that escapes them is what was written', async () => {
  const path = await fileWith(
    `row_number,error,record,file,line,offset,stage,escaped\n1,e,"=1,2",a.csv,2,3,PARSE,formulas\n2,e,"'=1,2",a.csv,2,3,PARSE,\n`,
  );
  const letters = await readDeadLetterCsv(path);
  expect(letters.map(({ raw }) => String(raw))).toEqual(['=1,2', "'=1,2"]);
});

test('any row comes back byte for byte, whatever is in it', async () => {
  const path = await fileWith('');
  await fc.assert(
    fc.asyncProperty(fc.array(letter), async (letters) => {
      await writeFile(path, deadLetterCsv(letters));
      expect(await readDeadLetterCsv(path)).toEqual(letters);
    }),
  );
});

test('columns may be in another order, and others among them', async () => {
  const path = await fileWith(
    'offset,note,record,row_number,error,file,line,stage\n7,mine,"a,b",1,bad,f.csv,2,PARSE\n',
  );
  expect(await readDeadLetterCsv(path)).toEqual([
    { row: 1, line: 2, offset: 7, file: 'f.csv', message: 'bad', stage: 'PARSE', raw: Buffer.from('a,b') },
  ]);
});

test('nothing is read behind what is committed', async () => {
  const text = 'row_number,error,record,file,line,offset,stage\n1,"a","r","f.csv",2,7,PARSE\n';
  const path = await fileWith(`${text}2,"b","torn`);
  expect(await readDeadLetterCsv(path, text.length)).toHaveLength(1);
  expect(await readDeadLetterCsv(path, 0)).toEqual([]);
  await expect(readDeadLetterCsv(path)).rejects.toThrow(/letters\.csv: cannot be read: Quote Not Closed/);
});

test('a number that is none is told with its place', async () => {
  const path = await fileWith('row_number,error,record,file,line,offset,stage\none,a,r,f.csv,2,7,PARSE\n');
  await expect(readDeadLetterCsv(path)).rejects.toThrow(
    'dead letter 1: row_number: expected a whole number, got "one"',
  );
  await expect(readDeadLetterCsv(await fileWith(''))).rejects.toThrow('it is empty');
});
