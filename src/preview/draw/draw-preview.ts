import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { printable, wrap } from '../../terminal/text.ts';
import type { Preview } from '../preview.ts';
import { type Summary, summaryOf } from '../row-summary.ts';
import { assumedRules, rowTimeNotes } from '../row-times.ts';
import { RowDrawing } from './draw-row.ts';
import { FieldGrid, INDENT } from './field-grid.ts';

/** Draws a preview for a person: every row, then what would become of all of them. */
export function drawPreview(preview: Preview, config: ConnectorConfig, terminal: Terminal): string {
  const drawing = new RowDrawing(terminal, new FieldGrid(preview.rows, terminal), afterRejection(config));
  const way = [config.parser, ...config.transformations].map(({ label }) => label).join(' → ');
  const title = wrap(`${printable(preview.file)} through ${config.name}: ${way}`, terminal.width);
  const lines = [...title.map((line) => terminal.paint('bold', line)), ''];
  for (const row of preview.rows) lines.push(...drawing.lines(row), '');
  lines.push(...summaryLines(preview, config, terminal));
  return `${lines.join('\n')}\n`;
}

function summaryLines(preview: Preview, config: ConnectorConfig, { width, paint }: Terminal): string[] {
  const summary = summaryOf(preview.rows);
  const parts = [
    { count: summary.sent, style: 'green', text: `${summary.sent} would be sent${topicsText(summary)}` },
    { count: summary.rejected, style: 'red', text: `${summary.rejected} rejected` },
    { count: summary.filtered, style: 'yellow', text: `${summary.filtered} filtered` },
  ] as const;
  const painted = parts.map(({ count, style, text }) => (count === 0 ? text : paint(style, text)));
  const length = [whichRows(summary, preview.isWhole), ...parts.map(({ text }) => text)].join(', ').length;
  const lines =
    length <= width
      ? [`${whichRows(summary, preview.isWhole)}: ${painted.join(', ')}`]
      : [`${whichRows(summary, preview.isWhole)}:`, ...painted.map((text) => `${INDENT}${text}`)];
  const first = preview.rows.find(({ outcome }) => outcome.kind === 'rejected');
  if (first !== undefined && config.errors.tolerance === 'none') {
    lines.push(...wrap(`the feed would stop at row ${first.origin.row}: errors.tolerance is none`, width));
  }
  const rulesOf = (topic: string) => assumedRules(topic, config);
  for (const note of rowTimeNotes(preview.rows, config, rulesOf))
    lines.push(...wrap(`with the defaults of Kafka, ${note}`, width));
  if (!preview.isWhole) {
    lines.push(...wrap(`there are more rows: --rows ${summary.rows * 10} shows more of them`, width));
  }
  return lines;
}

function whichRows({ rows }: Summary, isWhole: boolean): string {
  if (rows === 1) return isWhole ? 'the only row' : 'the first row';
  return `${isWhole ? 'all' : 'the first'} ${rows} rows`;
}

function topicsText({ topics, sent }: Summary): string {
  const names = Object.entries(topics).map(([topic, count]) => [printable(topic), count] as const);
  if (names.length > 1) return ` (${names.map(([topic, count]) => `${topic} ${count}`).join(', ')})`;
  const [[topic, count] = ['', 0]] = names;
  if (count === 0) return '';
  return count === sent ? ` to ${topic}` : ` to ${topic} as ${count} records`;
}

function afterRejection({ errors }: ConnectorConfig): string {
  if (errors.tolerance === 'none') return 'the feed would stop here (errors.tolerance: none)';
  const places = [errors.deadLetterTopic, errors.deadLetterFile].filter((place) => place !== null);
  return `this goes to ${places.join(' and ')}:`;
}
