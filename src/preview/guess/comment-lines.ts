import { guessDelimiter } from './guess-dialect.ts';
import { cellsOf, type TextLine } from './text-lines.ts';

const MARKERS = ['#', '//', '--', '==', '%', '!', '*', 'REM ', '/*', ';'];
/** Of these nothing else begins, also where there is one column. */
const SURE = ['#', '//'];
/** Lines under a header, or between parts of a report. */
const RULE = /^[-=+|*_\s,;]+$/;

/** What lines begin with that are no rows, as it seems. */
export function commentsOf(lines: readonly TextLine[], told: string | null): string[] {
  const found: string[] = [];
  for (const marker of MARKERS) {
    const begun = lines.filter(({ text }) => text.startsWith(marker));
    const others = lines.filter(({ text }) => !text.startsWith(marker));
    if (begun.length === 0 || others.length === 0) continue;
    const { delimiter, width, share } = guessDelimiter(others.map(({ text }) => text).join('\n'));
    if ((told ?? delimiter) === marker) continue;
    const isTable = width > 1 && share >= 0.5;
    const dialect = { delimiter: told ?? delimiter, quote: '"', trim: false };
    const isNoRow = ({ text }: TextLine) => RULE.test(text) || cellsOf(text, dialect).length !== width;
    const strange = begun.filter(isNoRow).length;
    const isSure = SURE.includes(marker)
      ? strange * 2 >= begun.length
      : isOften(begun) && strange === begun.length;
    if (
      isTable
        ? isSure
        : SURE.includes(marker) || begun.every(({ text }) => RULE.test(text) && text.length > 2)
    )
      found.push(marker);
  }
  return found;
}

/** A line at the end may be a footer, and one at the beginning a title. */
function isOften(begun: readonly TextLine[]): boolean {
  return begun.length > 1 || begun.every(({ text }) => RULE.test(text));
}
