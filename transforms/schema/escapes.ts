import type { CellParser } from './cell-parsers.ts';

/** What PostgreSQL, MySQL and Hive write for characters that would end a cell or a line. */
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const ESCAPE = /\\([\s\S]?)/g;

/** Reads texts in which a backslash stands before characters; before any other it is left out. */
export const unescapingParser: CellParser = {
  expected: 'a string with a character behind each backslash',
  parse(text) {
    if (!text.includes('\\')) return text;
    let isWhole = true;
    const read = text.replace(ESCAPE, (_, character: string) => {
      if (character === '') isWhole = false;
      return ESCAPED.get(character) ?? character;
    });
    return isWhole ? read : undefined;
  },
};
