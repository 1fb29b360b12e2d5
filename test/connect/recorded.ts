import { readFileSync } from 'node:fs';
import type { ConnectCase } from './connect-case.ts';
import { type JavaRecord, toConnect } from './connect-form.ts';

/** What Kafka Connect said of a case. */
export type Answer =
  | JavaRecord
  | { readonly dropped: true }
  | { readonly met: boolean }
  | {
      readonly rejected: 'configure' | 'apply' | 'convert';
      readonly error: string;
      readonly message: string;
    };

/** An option of one of its classes. */
export interface ConnectOption {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
}

export const ANSWERS = new URL('recorded/answers.jsonl', import.meta.url);
export const OPTIONS = new URL('recorded/options.jsonl', import.meta.url);

/** The question that a case is, in one line: answers are found by it. */
export function questionOf({ class: name, config, record }: ConnectCase): string {
  return JSON.stringify({ class: name, config, record: toConnect(record) });
}

export function recordedAnswers(): ReadonlyMap<string, Answer> {
  const lines = readFileSync(ANSWERS, 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const { question, answer } = JSON.parse(line) as { question: unknown; answer: Answer };
      return [JSON.stringify(question), answer];
    }),
  );
}

/** By the name of the class. */
export function recordedOptions(): ReadonlyMap<string, readonly ConnectOption[]> {
  const lines = readFileSync(OPTIONS, 'utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => JSON.parse(line) as [string, ConnectOption[]]));
}
