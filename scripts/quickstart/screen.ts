import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const INDENT = '   ';
const MAX_COLUMNS = 100;
const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** Prints a line of the story, below its step. */
export function say(text = ''): void {
  process.stdout.write(text === '' ? '\n' : `${INDENT}${text}\n`);
}

/** Prints the heading of a step. */
export function step(number: number, text: string): void {
  process.stdout.write(`\n${paint('bold', `${number}. ${text}`)}\n`);
}

/** Colours text where a person will see it. */
export function paint(style: Style, text: string): string {
  return coloured ? styleText(style, text, { validateStream: false }) : text;
}

/** Text from a file or a record, which may hold anything: without what a terminal would obey, and not too long. */
export function shown(text: string, columns = MAX_COLUMNS - 2 * INDENT.length): string {
  const plain = stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, '\u00b7');
  return plain.length <= columns ? plain : `${plain.slice(0, columns - 1)}…`;
}

/** `4.1 s` since a moment of `performance.now()`. */
export function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
