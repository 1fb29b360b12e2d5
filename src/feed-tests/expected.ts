/*
 * What a case expects, as it is written in YAML: a number keeps its digits, so that longs and decimals are compared
 * exactly.
 */

/** A number as it is written. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Expected = string | boolean | null | NumberText | readonly Expected[] | ExpectedFields;

export interface ExpectedFields {
  readonly [name: string]: Expected;
}

/** A record, as far as the case speaks of it: what it leaves out may be anything. */
export interface ExpectedRecord {
  readonly topic?: string;
  readonly key?: Expected;
  readonly partition?: NumberText;
  /** The whole value. */
  readonly value?: Expected;
  /** Some fields of the value. */
  readonly fields?: ExpectedFields;
  /** Some of the headers. */
  readonly headers?: ExpectedFields;
  /** ISO 8601, or milliseconds since 1970. */
  readonly timestamp?: string | NumberText;
}

export interface ExpectedDeadLetter {
  /** 1 is the first data row. */
  readonly row: number;
  /** A part of the message; null for any. */
  readonly error: string | null;
}

/** Rows, and what a feed is to make of them: these records and dead letters, in this order, and no others. */
export interface FeedCase {
  readonly name: string;
  /** Where it stands in its file. */
  readonly line: number;
  /** The name of the file that the rows are in. */
  readonly file: string;
  readonly rows: string;
  readonly records: readonly ExpectedRecord[];
  readonly deadLetters: readonly ExpectedDeadLetter[];
}

export function isFields(expected: Expected): expected is ExpectedFields {
  const isObject = typeof expected === 'object' && expected !== null;
  return isObject && !Array.isArray(expected) && !(expected instanceof NumberText);
}
