/** A text that is made of several cells: `{date} {time}[.{millis:03}]`. */
export interface CellTemplate {
  /** The columns that it names, in the order of `textOf`. */
  readonly columns: readonly string[];
  /** The text of a row; empty where nothing is in any of its cells. */
  textOf(cells: readonly string[]): string;
}

interface Cell {
  readonly cell: number;
  /** Zeros are put before it up to so many digits. */
  readonly digits: number;
}
type Part = string | Cell;
/** Parts that are left out together where one of their cells is empty, or never. */
interface Section {
  readonly optional: boolean;
  readonly parts: Part[];
}

const TOKEN = /\{\{|\}\}|\[\[|\]\]|\{(?<column>[^{}]+?)(?::0(?<digits>[1-9]))?\}|[^{}[\]]+|[[\]]/g;

/** Compiles a template; text says what is wrong with it. Braces and brackets that are text are doubled. */
export function compileTemplate(template: string): CellTemplate | string {
  const tokens = [...template.matchAll(TOKEN)];
  if (tokens.map(([token]) => token).join('') !== template)
    return `a brace is not closed in ${JSON.stringify(template)}`;
  const columns: string[] = [];
  const sections: Section[] = [{ optional: false, parts: [] }];
  for (const { 0: token, groups } of tokens) {
    const current = sections.at(-1) as Section;
    if (token === '[' || token === ']') {
      if (current.optional === (token === '['))
        return `a bracket is not closed, or within another, in ${JSON.stringify(template)}`;
      sections.push({ optional: token === '[', parts: [] });
    } else if (groups?.column !== undefined) {
      current.parts.push({ cell: columns.length, digits: Number(groups.digits ?? 0) });
      columns.push(groups.column);
    } else current.parts.push(/^([{}[\]])\1$/.test(token) ? (token[0] as string) : token);
  }
  if (sections.at(-1)?.optional)
    return `a bracket is not closed, or within another, in ${JSON.stringify(template)}`;
  if (columns.length === 0)
    return `expected columns in braces, such as {date} {time}, got ${JSON.stringify(template)}`;
  return { columns, textOf: (cells) => (cells.every((cell) => cell === '') ? '' : textOf(sections, cells)) };
}

function textOf(sections: readonly Section[], cells: readonly string[]): string {
  let text = '';
  for (const { optional, parts } of sections) {
    if (optional && parts.some((part) => typeof part !== 'string' && cells[part.cell] === '')) continue;
    for (const part of parts)
      text += typeof part === 'string' ? part : padded(cells[part.cell] as string, part);
  }
  return text;
}

/** Nothing is no number: zeros alone would be one, and midnight among times. */
function padded(cell: string, { digits }: Cell): string {
  return cell === '' ? '' : cell.padStart(digits, '0');
}
