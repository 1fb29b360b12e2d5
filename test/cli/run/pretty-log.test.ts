import { expect, test } from 'vitest';
import { prettyLine } from '../../../src/cli/run/pretty-log.ts';

const plain = (_: string, text: string) => text;
const at = new Date(2026, 0, 10, 9, 5, 7, 42).getTime();

function shown(line: Readonly<Record<string, unknown>>): string {
  return prettyLine(JSON.stringify({ level: 30, time: at, ...line }), plain);
}

test('a line of the log begins with its time, level and task, and ends with its facts', () => {
  const facts = { connector: 'trades', task: 0, file: 'a b.csv', rows: 12, target: null };
  expect(shown({ ...facts, msg: 'file completed' })).toBe(
    '09:05:07.042 INFO  trades-0 file completed file="a b.csv" rows=12 target=null',
  );
  expect(shown({ level: 40, msg: 'waiting for Kafka', reason: 'no answer' })).toBe(
    '09:05:07.042 WARN  waiting for Kafka reason="no answer"',
  );
  expect(shown({ level: 20, connector: 'trades', msg: 'connector created', list: [1, { a: 2 }] })).toBe(
    '09:05:07.042 DEBUG trades connector created list=[1,{"a":2}]',
  );
});

test('times that are told in full stay so', () => {
  const line = { time: '2026-01-10T09:05:07.042Z', msg: 'worker stopped' };
  expect(shown(line)).toBe('2026-01-10T09:05:07.042Z INFO  worker stopped');
});

test('an error is told by its facts, its stack below', () => {
  const error = {
    code: 'PLUGIN_FAILED',
    message: 'no x',
    retriable: false,
    stack: 'Error: no x\n    at a.ts:1',
  };
  expect(shown({ level: 50, connector: 'trades', task: 1, msg: 'task failed', error })).toBe(
    '09:05:07.042 ERROR trades-1 task failed code=PLUGIN_FAILED message="no x" retriable=false\n    Error: no x\n        at a.ts:1',
  );
  expect(shown({ msg: 'file failed', error: 'too many rows' })).toBe(
    '09:05:07.042 INFO  file failed error="too many rows"',
  );
});

test('nothing in a line steers the terminal, and what is no line of the log stays as it is', () => {
  expect(shown({ connector: 'a\u001b[2J', msg: 'printed', file: '\u001b]0;x\u0007' })).toBe(
    '09:05:07.042 INFO  a\\u001b[2J printed file="\\u001b]0;x\\u0007"',
  );
  expect(prettyLine('not JSON', plain)).toBe('not JSON');
  expect(prettyLine('17', plain)).toBe('17');
  expect(prettyLine('null', plain)).toBe('null');
});
