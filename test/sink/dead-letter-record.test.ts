import { describe, expect, it } from 'vitest';
import { BATCH_OVERHEAD } from '../../src/kafka/records/batch-header.ts';
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch.ts';
import type { RowBatch } from '../../src/rows/index.ts';
import { deadLetterRecord } from '../../src/sink/dead-letter-record.ts';
import csv from '../../transforms/csv/index.ts';
import { REJECTION } from '../runtime/support.ts';
import { fakeFile, makeParser, pushAll } from '../transforms/support.ts';

/** The letter of a row for a topic that takes so many bytes of one record, and what it takes when it is written. */
function letterOf(row: string, maxBytes: number, message = 'not a price') {
  const parser = makeParser(csv, {}).open(fakeFile());
  const batch = pushAll(parser, [Buffer.from(`symbol\n${row}\n`)])[0] as RowBatch;
  const origin = { connector: 'trades', task: 0 };
  const letter = deadLetterRecord(batch, 0, { ...REJECTION, message }, 'row', origin, 0, maxBytes);
  const written = new RecordBatchBuilder();
  // A length is given the width of the one before it and moved where that was wrong, hence the second.
  written.append(letter);
  return { ...letter, written: written.estimatedSize - BATCH_OVERHEAD };
}

const headerNames = (letter: ReturnType<typeof letterOf>) => letter.headers.map(([name]) => name);

describe('a dead letter', () => {
  it('says how many bytes it takes', () => {
    for (const length of [1, 60, 64, 200, 8190, 8200, 100_000]) {
      const letter = letterOf('x'.repeat(length), 1_000_000);
      expect(letter.size).toBe(letter.written);
    }
  });

  it('holds the whole row whenever the topic takes it, to the last byte', () => {
    for (const length of [1, 500, 9000]) {
      const row = 'x'.repeat(length);
      const { size } = letterOf(row, 1_000_000);
      const fits = letterOf(row, size);
      expect(String(fits.value)).toBe(row);
      expect(headerNames(fits)).not.toContain('headrace.truncated.from');
    }
  });

  it('holds what the topic takes of a row that is too large, and says how large it was', () => {
    for (const maxBytes of [600, 1000, 8400, 16_500]) {
      const letter = letterOf('x'.repeat(20_000), maxBytes);
      expect(letter.written).toBeLessThanOrEqual(maxBytes);
      expect(letter.written).toBeGreaterThan(maxBytes - 5);
      expect(new Map(letter.headers).get('headrace.truncated.from')?.toString()).toBe('20000');
      expect(new Map(letter.headers).get('__connect.errors.exception.message')?.toString()).toBe(
        'not a price',
      );
    }
  });

  it('has shorter headers where these alone are too much, cut between characters, the longest first', () => {
    const letter = letterOf('abc', 700, 'ä'.repeat(2000));
    expect(letter.written).toBeLessThanOrEqual(700);
    const message = new Map(letter.headers).get('__connect.errors.exception.message')?.toString();
    expect(message).toMatch(/^ä+$/);
    expect(new Map(letter.headers).get('__connect.errors.connector.name')?.toString()).toBe('trades');
  });
});
