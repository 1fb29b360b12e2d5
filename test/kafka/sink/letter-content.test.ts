import { expect, test } from 'vitest';
import { contentOfLetter } from '../../../src/kafka/sink/letter-content.ts';
import type { RecordBatch } from '../../../src/plugin/index.ts';
import csv from '../../../transforms/parse-csv/index.ts';
import { REJECTION } from '../../runtime/support.ts';
import { fakeFile, makeParser, pushAll } from '../../transforms/support.ts';

function rejected(): RecordBatch {
  const parser = makeParser(csv, {}).open(fakeFile());
  const batch = pushAll(parser, [Buffer.from('country,2020,2019\nAU,1,2\n')])[0] as RecordBatch;
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
