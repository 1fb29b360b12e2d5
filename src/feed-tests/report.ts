import { jsonText } from '../dry-run/data-text.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { pad, printable, widthOf, wrap } from '../terminal/text.ts';
import { expectedText, plainData } from './expected-text.ts';
import type { Difference } from './record-differences.ts';
import type { Failure } from './run-case.ts';
import type { CaseResult, FileResult } from './run-files.ts';

/** A line for each case, what is not as expected below those that failed, and a summary. */
export function drawResults(files: readonly FileResult[], terminal: Terminal): string {
  const lines = files.flatMap(({ file, cases }) => [
    terminal.paint('bold', printable(file)),
    ...cases.flatMap((one) => caseLines(one, terminal)),
    '',
  ]);
  const { passed, failed } = countsOf(files);
  const total = passed + failed === 1 ? '1 case' : `${passed + failed} cases`;
  const outcome = [
    passed === 0 ? '0 passed' : terminal.paint('green', `${passed} passed`),
    failed === 0 ? '0 failed' : terminal.paint('red', `${failed} failed`),
  ];
  return `${[...lines, `${total}: ${outcome.join(', ')}`].join('\n')}\n`;
}

/** The same as one JSON object on one line. */
export function resultsJson(files: readonly FileResult[]): string {
  const { passed, failed } = countsOf(files);
  const shown = files.map(({ cases, ...file }) => ({
    ...file,
    cases: cases.map((one) => ({ ...one, ok: one.failures.length === 0 })),
  }));
  return jsonText(plainData({ ok: failed === 0, passed, failed, files: shown }));
}

export function countsOf(files: readonly FileResult[]): { passed: number; failed: number } {
  const all = files.flatMap(({ cases }) => cases);
  const failed = all.filter(({ failures }) => failures.length > 0).length;
  return { passed: all.length - failed, failed };
}

function caseLines({ name, line, failures, notes }: CaseResult, terminal: Terminal): string[] {
  const { paint, width } = terminal;
  const told = notes.flatMap((note) =>
    wrap(`! ${printable(note)}`, width - 6).map((text) => `      ${text}`),
  );
  if (failures.length === 0) return [`  ${paint('green', '✓')} ${printable(name)}`, ...told];
  const title = `  ${paint('red', '✗')} ${printable(name)} ${paint('dim', `(line ${line})`)}`;
  return [title, ...told, ...failures.flatMap((failure) => failureLines(failure, terminal))];
}

function failureLines({ about, message, differences }: Failure, { width, paint }: Terminal): string[] {
  const room = width - 6;
  const title = [about, message]
    .filter((part) => part !== null)
    .join(message?.startsWith('is ') ? ' ' : ': ');
  const lines = wrap(printable(title), room).map((line) => `      ${line}`);
  const paths = Math.min(40, Math.max(0, ...differences.map(({ path }) => widthOf(path))));
  return [...lines, ...differences.flatMap((difference) => differenceLines(difference, paths, width, paint))];
}

function differenceLines(
  { path, expected, got }: Difference,
  paths: number,
  width: number,
  paint: Terminal['paint'],
): string[] {
  const lines = (label: string, text: string, style: 'green' | 'red') =>
    wrap(printable(text), width - paths - 19).map(
      (line, index) => `${pad(index === 0 ? label : '', 9)}${paint(style, line)}`,
    );
  // Of a message, a part is expected: quotes would only be in the way.
  const both =
    path === 'error'
      ? [...lines('contains', String(expected), 'green'), ...lines('got', String(got), 'red')]
      : [...lines('expected', expectedText(expected), 'green'), ...lines('got', expectedText(got), 'red')];
  return both.map((line, index) => `        ${pad(index === 0 ? printable(path) : '', paths)}  ${line}`);
}
