import type { Paint } from '../../terminal/terminal.ts';
import { printable } from '../../terminal/text.ts';

const LEVELS: Readonly<Record<number, readonly [name: string, style: Parameters<Paint>[0] | null]>> = {
  10: ['TRACE', 'dim'],
  20: ['DEBUG', 'dim'],
  30: ['INFO ', 'green'],
  40: ['WARN ', 'yellow'],
  50: ['ERROR', 'red'],
  60: ['FATAL', 'red'],
};

/** Text that is a word by itself. */
const PLAIN = /^[^\s"'={}[\],]+$/;

/** A line of the log as people read it: its time, level and message, then the facts. What is no line of the log stays as it is. */
export function prettyLine(text: string, paint: Paint): string {
  const line = parsed(text);
  if (line === null) return text;
  const { level, time, msg, connector, task, stack, error, ...facts } = line;
  const [name, style] = LEVELS[Number(level)] ?? [String(level), null];
  const who = connector === undefined ? '' : `${connector}${task === undefined ? '' : `-${task}`} `;
  const { stack: errorStack, ...reason } = Object(error) === error ? (error as Line) : { error };
  const all = Object.entries({ ...facts, ...reason }).filter(([, value]) => value !== undefined);
  const told = all.map(([key, value]) => `${paint('dim', `${key}=`)}${valueText(value)}`).join(' ');
  const head = `${paint('dim', clockOf(time))} ${style === null ? name : paint(style, name)}`;
  const stacks = [stack, errorStack].filter((one) => typeof one === 'string');
  const below = stacks.flatMap((one) => one.split('\n')).map((one) => `\n    ${printable(one)}`);
  return (
    `${head} ${printable(who)}${paint('bold', printable(String(msg)))} ${told}`.trimEnd() + below.join('')
  );
}

type Line = Readonly<Record<string, unknown>>;

function parsed(text: string): Line | null {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && 'msg' in line ? (line as Line) : null;
  } catch {
    return null;
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return printable(value);
  return printable(JSON.stringify(value));
}

/** The time of day here; the whole of one that is told in full. */
function clockOf(time: unknown): string {
  if (typeof time !== 'number') return String(time);
  const date = new Date(time);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
