import { describe, expect, it } from 'vitest';
import { Checker, type Findings } from './checker.ts';
import type { ReadRecord } from './log-reader.ts';
import type { ProblemKind } from './problems.ts';
import { SourceRows } from './source-rows.ts';
import { tradeOf } from './trades.ts';

const HEADER = 'symbol,exchange_timestamp,price,quantity,side,sequence_number,trade_id';
const LINES = [
  'AA,2026-01-01T00:00:00.007Z,1.50,10,BUY,1,x-1',
  'BB,2026-01-01T00:00:00.014Z,2.00,20,SELL,2,x-2',
  'AA,oops',
  'AA,2026-01-01T00:00:00.028Z,3.25,30,BUY,4,x-4',
];
const SOURCE = new SourceRows('trades.csv', Buffer.from(`${[HEADER, ...LINES].join('\n')}\n`));
const BAD = new Map([[3, 'too few cells']]);
const END = {
  position: SOURCE.size,
  row: 4,
  line: 5,
  produced: 3,
  filtered: 0,
  rejected: 1,
  eof: true,
};

interface Delivery {
  rows: ReadRecord[];
  deadLetters: ReadRecord[];
  offsets: ReadRecord[];
}

function rowRecord(row: number, change: Partial<ReadRecord> = {}): ReadRecord {
  const trade = tradeOf(SOURCE.bytes(row));
  const headers = new Map([
    ['file.path', 'trades.csv'],
    ['file.row', String(row)],
    ['file.offset', String(SOURCE.offset(row))],
  ]);
  const [key, value] = [Buffer.from(String(trade.symbol)), Buffer.from(JSON.stringify(trade))];
  return {
    topic: 'trades',
    partition: trade.symbol === 'AA' ? 0 : 1,
    offset: 0n,
    key,
    value,
    headers,
    ...change,
  };
}

function deadLetter(row: number, bytes = SOURCE.bytes(row)): ReadRecord {
  return { ...rowRecord(row), topic: 'trades.dlq', key: null, value: bytes };
}

function offsetRecord(offset: object, generation = 'g', connector = 'feed'): ReadRecord {
  const key = Buffer.from(JSON.stringify([connector, { file: 'trades.csv', generation }]));
  return { ...rowRecord(1), topic: 'offsets', key, value: Buffer.from(JSON.stringify(offset)) };
}

/** A faultless delivery, changed by the test. */
function check(change: (delivery: Delivery) => void = () => {}): Findings {
  const delivery = {
    rows: [rowRecord(1), rowRecord(2), rowRecord(4)],
    deadLetters: [deadLetter(3)],
    offsets: [
      offsetRecord({ ...END, position: 60, row: 1, produced: 1, rejected: 0, eof: false }),
      offsetRecord(END),
    ],
  };
  change(delivery);
  const checker = new Checker('feed');
  checker.expect(SOURCE, BAD);
  for (const record of delivery.rows) checker.addRow(record);
  for (const record of delivery.deadLetters) checker.addDeadLetter(record);
  for (const record of delivery.offsets) checker.addOffset(record);
  return checker.finish();
}

describe('the checker', () => {
  it('finds nothing in a faultless delivery, whatever the order of different keys', () => {
    const findings = check(({ rows }) => rows.reverse().push(rows.shift() as ReadRecord));
    expect(findings.examples).toEqual([]);
    expect(findings).toMatchObject({
      ok: true,
      rows: 4,
      delivered: 3,
      deadLetters: 1,
      deadLettersExpected: 1,
      filesAtEnd: 1,
    });
  });

  const faults: [string, ProblemKind, (delivery: Delivery) => void][] = [
    ['a row that is missing', 'row lost', ({ rows }) => rows.splice(1, 1)],
    ['the last row missing', 'row lost', ({ rows }) => rows.pop()],
    ['a row that came twice', 'row duplicated', ({ rows }) => rows.push(rowRecord(4))],
    [
      'a row twice in two partitions',
      'row duplicated',
      ({ rows }) => rows.push(rowRecord(4, { partition: 5 })),
    ],
    ['two rows of a key the wrong way round', 'row out of order', ({ rows }) => rows.reverse()],
    [
      'a key in two partitions, where no order holds',
      'row out of order',
      ({ rows }) => rows.splice(2, 1, rowRecord(4, { partition: 5 })),
    ],
    [
      'a value that is not the row',
      'row wrong',
      ({ rows }) => rows.splice(0, 1, rowRecord(1, { value: rowRecord(4).value })),
    ],
    [
      'a value that is no JSON',
      'row wrong',
      ({ rows }) => rows.splice(0, 1, rowRecord(1, { value: Buffer.from('{') })),
    ],
    [
      'a key that is not the symbol',
      'row wrong',
      ({ rows }) => rows.splice(1, 1, rowRecord(2, { key: Buffer.from('CC') })),
    ],
    ['a bad row among the good ones', 'row unknown', ({ rows }) => rows.push(rowRecord(3))],
    [
      'a row that is not in the file',
      'row unknown',
      ({ rows }) => rows.push(rowRecord(1, { headers: new Map([['file.row', '5']]) })),
    ],
    ['a dead letter that is missing', 'dead letter lost', ({ deadLetters }) => deadLetters.pop()],
    [
      'a dead letter that came twice',
      'dead letter duplicated',
      ({ deadLetters }) => deadLetters.push(deadLetter(3)),
    ],
    [
      'a dead letter with other bytes',
      'dead letter wrong',
      ({ deadLetters }) => deadLetters.splice(0, 1, deadLetter(3, Buffer.from('AA,oop'))),
    ],
    [
      'a dead letter of a good row',
      'dead letter unknown',
      ({ deadLetters }) => deadLetters.push(deadLetter(1)),
    ],
    ['an offset before the end of the file', 'offset wrong', ({ offsets }) => offsets.pop()],
    ['no offset at all', 'offset wrong', ({ offsets }) => offsets.splice(0)],
    [
      'an offset at the end that does not say so',
      'offset wrong',
      ({ offsets }) => offsets.push(offsetRecord({ ...END, eof: undefined })),
    ],
    [
      'counts that do not add up',
      'offset wrong',
      ({ offsets }) => offsets.push(offsetRecord({ ...END, produced: 2 })),
    ],
    ['a file that was read as two', 'offset wrong', ({ offsets }) => offsets.push(offsetRecord(END, 'g.2'))],
  ];

  it.each(faults)('finds %s', (_, kind, change) => {
    const findings = check(change);
    expect(findings.ok).toBe(false);
    expect(findings.count(kind)).toBe(1);
  });

  it('does not mind the offsets of another feed', () => {
    expect(check(({ offsets }) => offsets.push(offsetRecord({ position: 1 }, 'g', 'other'))).ok).toBe(true);
  });
});
