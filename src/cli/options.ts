import { InvalidArgumentError } from 'commander';

/*
 * Options that many commands have: what `Command.option` takes.
 */

export const WORKER = [
  '--worker <file>',
  'worker configuration; without it, HEADRACE_* environment variables',
] as const;
/** Of commands that look at feeds without Kafka. */
export const WORKER_OF_FEEDS = [
  '--worker <file>',
  'worker configuration that the feeds are to run with',
] as const;
export const JSON_OUTPUT = ['--json', 'print one JSON object'] as const;
export const NO_COLOR = ['--no-color', 'no colours, as with NO_COLOR'] as const;

/** Reads an option's whole number of at least 1. */
export function wholeNumber(text: string): number {
  return wholeNumberFrom(1, text);
}

/** Reads an option's whole number of zero or more. */
export function wholeNumberOrZero(text: string): number {
  return wholeNumberFrom(0, text);
}

function wholeNumberFrom(least: number, text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value < least) throw new InvalidArgumentError(`expected a whole number of at least ${least}`);
  return value;
}
