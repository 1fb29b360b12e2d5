/** A part of what is printed, and of results.md: both take the same text. */
export interface Section {
  readonly title: string;
  /** Sentences before the table. */
  readonly notes: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences after the table. */
  readonly findings?: readonly string[];
}

export function render({ title, notes, header, rows, findings = [] }: Section): string {
  const paragraphs = [`## ${title}`, notes.join('\n'), renderTable([header, ...rows]), findings.join('\n\n')];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

/** Markdown, padded so that it reads as well in a terminal: the first column to the left, numbers to the right. */
function renderTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0), 3),
  );
  const renderLine = (line: readonly string[]) =>
    `| ${widths.map((width, column) => pad(line[column] ?? '', width, column)).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [header = [], ...body] = lines;
  return [renderLine(header), `| ${rule.join(' | ')} |`, ...body.map(renderLine)].join('\n');
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
