import type { LoadedFile, LoadResult } from '../../load/load-result.ts';
import { bytes, count, counted, duration, percent } from '../../terminal/figures.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { printable } from '../../terminal/text.ts';
import { typedPath } from '../../terminal/typed-path.ts';

const MOST_FILES = 10;

/** What a load came to, for a person. */
export function summaryText(result: LoadResult, paint: Paint): string {
  if (result.wasDelivered) {
    const { rows, files, rejected } = result;
    const some = rejected === 0 ? '' : ` (${count(rejected)} of them rejected, in ${whereRejected(result)})`;
    const mark = rejected === 0 ? paint('green', '✓') : paint('yellow', '!');
    return `${mark} ${result.job}: everything was loaded already, ${counted(rows, 'row')}${some} of ${counted(files.length, 'file')}; 0 rows now\n`;
  }
  const blocks = [
    headline(result, paint),
    countsTable(result, paint),
    rejectedLines(result),
    speedLines(result),
    openFiles(result),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function headline(result: LoadResult, paint: Paint): string {
  const { job, state, files, rejected } = result;
  const done = files.filter((file) => file.state === 'COMPLETED' || file.state === 'SKIPPED').length;
  const all =
    done === files.length ? counted(done, 'file') : `${count(done)} of ${counted(files.length, 'file')}`;
  const of = files.some(({ rowLimit }) => rowLimit !== null) ? `${all} (as far as --limit)` : all;
  const loaded = result.dryRun === null ? 'loaded' : 'read and nothing sent (--dry-run)';
  if (state === 'COMPLETED' && rejected === 0) return `${paint('green', '✓')} ${job}: ${of} ${loaded}`;
  if (state === 'COMPLETED')
    return `${paint('yellow', '!')} ${job}: ${of} ${loaded}, ${counted(rejected, 'row')} rejected`;
  const how = state === 'STOPPED' ? paint('yellow', '■ stopped') : paint('red', '✗ failed');
  return `${how}  ${job}: ${of} ${loaded}`;
}

/** The columns of this run are there when earlier runs have delivered a part. */
function countsTable(result: LoadResult, paint: Paint): string {
  const { run } = result;
  const isResumed = run.rows !== result.rows;
  const width = Math.max(count(result.rows).length, isResumed ? 'this run'.length : 0);
  const cells = (...texts: string[]) => texts.map((text) => text.padStart(width)).join('   ');
  const line = (name: 'rows' | 'produced' | 'filtered' | 'rejected', label: string, note = '') => {
    const numbers = isResumed ? cells(count(run[name]), count(result[name])) : cells(count(result[name]));
    return `  ${label.padEnd(10)}${numbers}${note}`.trimEnd();
  };
  const heads = isResumed ? [`  ${' '.repeat(10)}${paint('dim', cells('this run', 'in all'))}`] : [];
  const share =
    result.rejected === 0 ? '' : `   ${percent(result.rejected, result.rows, 2)}  ${whereRejected(result)}`;
  return [
    ...heads,
    line('rows', 'read'),
    line('produced', 'produced'),
    line('filtered', 'filtered'),
    line('rejected', 'rejected', share),
    ...expiredLines(result, paint),
    balance(result, paint),
  ].join('\n');
}

/** Of a dry run: there is no place to look at them. */
function rejectedLines({ dryRun, rejected }: LoadResult): string {
  const { examples = [] } = dryRun ?? {};
  const lines = examples.map(({ file, row, line, reason }) =>
    printable(`  ${typedPath(file)} row ${count(row)} (line ${count(line)}): ${reason}`),
  );
  const more = rejected - examples.length;
  return examples.length > 0 && more > 0
    ? [...lines, `  and ${count(more)} more`].join('\n')
    : lines.join('\n');
}

function expiredLines({ expired }: LoadResult, paint: Paint): string[] {
  if (expired === 0) return [];
  return [
    `  ${paint('yellow', '!')} ${counted(expired, 'row')} older than the topic keeps (see expired.timestamps)`,
  ];
}

function balance({ rows, produced, filtered, rejected }: LoadResult, paint: Paint): string {
  const holds = rows === produced + filtered + rejected;
  const sum = `${count(rows)} read ${holds ? '=' : '≠'} ${count(produced)} produced + ${count(filtered)} filtered + ${count(rejected)} rejected`;
  return `  ${holds ? paint('green', '✓') : paint('red', '✗')} ${sum}`;
}

function whereRejected({ jobs }: LoadResult): string {
  const places = jobs
    .filter(({ rejected }) => rejected > 0)
    .flatMap(({ deadLetterTopic, deadLetterFile }) => [
      ...(deadLetterTopic === null ? [] : [`topic ${deadLetterTopic}`]),
      ...(deadLetterFile === null ? [] : [typedPath(deadLetterFile)]),
    ]);
  return [...new Set(places)].join(', ');
}

function speedLines({ durationMs, rowsPerSecond, run, topics }: LoadResult): string {
  const mbPerSecond = ((run.bytes / 1_000_000) * 1000) / Math.max(1, durationMs);
  const speed = `${count(rowsPerSecond)} rows/s, ${mbPerSecond.toFixed(1)} MB/s`;
  const lines = [`  ${'duration'.padEnd(10)}${duration(durationMs)}, ${bytes(run.bytes)}: ${speed}`];
  const names = Object.keys(topics);
  const width = Math.max(0, ...names.map((name) => name.length));
  for (const [index, name] of names.entries()) {
    const records = `${count(topics[name] ?? 0)} records`;
    lines.push(`  ${(index === 0 ? 'topics' : '').padEnd(10)}${name.padEnd(width)}   ${records}`);
  }
  return lines.join('\n');
}

/** Files that are not done, when there are several. */
function openFiles({ files }: LoadResult): string {
  const open = files.filter(({ state }) => state !== 'COMPLETED' && state !== 'SKIPPED');
  if (files.length < 2 || open.length === 0) return '';
  const lines = open.slice(0, MOST_FILES).map((file) => `  ${wordFor(file).padEnd(12)}${file.file}`);
  if (open.length > MOST_FILES) lines.push(`  and ${count(open.length - MOST_FILES)} more`);
  return lines.join('\n');
}

function wordFor({ state, rows }: LoadedFile): string {
  if (state === 'FAILED') return 'failed';
  return rows > 0 ? 'in part' : 'not begun';
}
