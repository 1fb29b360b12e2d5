/** What spreadsheets take for the beginning of a formula, their wide forms too, and what is put before it. */
const BEGINNINGS = ['=', '+', '-', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20', "'"].map(
  (text) => Buffer.from(text),
);
const MARK = Buffer.from("'");

/** Text that no spreadsheet takes for a formula: a `'` is put before one, and before a `'`, so that it can be taken away. */
export function escapeFormula(bytes: Buffer): Buffer {
  const isOne = BEGINNINGS.some((beginning) => bytes.subarray(0, beginning.length).equals(beginning));
  return isOne ? Buffer.concat([MARK, bytes]) : bytes;
}

/** The text that was escaped; one without the mark, as a person may have written it, as it is. */
export function unescapeFormula(bytes: Buffer): Buffer {
  return bytes[0] === MARK[0] ? bytes.subarray(1) : bytes;
}
