import { expect, test } from 'vitest';
import type { RowBatch } from '../../src/rows/index.ts';
import { contentOfLetter } from '../../src/sink/letter-content.ts';
import csv from '../../transforms/csv/index.ts';
import { REJECTION } from '../runtime/support.ts';
import { fakeFile, makeParser, pushAll } from '../transforms/support.ts';

function rejected(): RowBatch {
  const parser = makeParser(csv, {}).open(fakeFile());
  const batch = pushAll(parser, [Buffer.from('country,2020,2019\nAU,1,2\n')])[0] as RowBatch;
  batch.keepRejected();
  batch.reject(0, REJECTION);
  return batch;
}

test("the record of a rejected row has its fields in the file's order, whatever they are called", () => {
  expect(String(contentOfLetter(rejected(), 0, 'record'))).toBe('{"country":"AU","2020":"1","2019":"2"}');
});

test('of a row whose content is not wanted there is none', () => {
  expect(contentOfLetter(rejected(), 0, 'none')).toBeNull();
  expect(String(contentOfLetter(rejected(), 0, 'row'))).toBe('AU,1,2');
});
