/** Words that mean nothing whatever else a column holds. */
const CERTAIN = [
  'NULL',
  '(null)',
  '<null>',
  '[null]',
  '\\N',
  '\\\\N',
  '#N/A',
  '#N/A N/A',
  '#NV',
  '#NULL!',
  '#VALUE!',
  '#REF!',
  '#DIV/0!',
  '#NAME?',
  '#NUM!',
];
/** Words that mean nothing among numbers and times, and may be text elsewhere: `NA` is Namibia. */
const LIKELY = [
  ...[
    'N/A',
    'NA',
    'N.A.',
    'N.A',
    'NaN',
    'None',
    'Nil',
    'N/D',
    'N.D.',
    'ND',
    'N.M.',
    'NM',
    'n/e',
    'UNCH',
    'k.A.',
    's.o.',
    'n.v.',
  ],
  ...['.', '..', '...', '?', '*', 'x', 'missing', 'unknown', 'undefined', 'void', '-1.#IND'],
  ...['0000-00-00', '0000-00-00 00:00:00', '00/00/0000', '00.00.0000', '00000000'],
];

const certain = new Set(CERTAIN.map((word) => word.toLowerCase()));
const likely = new Set(LIKELY.map((word) => word.toLowerCase()));
/** Dashes, as many as there is room for. */
const DASHES = /^[-–—]+$/;
const LONGEST = 20;

/** Whether a cell says that there is nothing in it, also in a column of text. */
export function isNullWord(text: string): boolean {
  return text.length <= LONGEST && certain.has(text.toLowerCase());
}

/** Whether it says so among numbers or times. */
export function isLikelyNullWord(text: string): boolean {
  return text.length <= LONGEST && (likely.has(text.toLowerCase()) || DASHES.test(text) || isNullWord(text));
}
