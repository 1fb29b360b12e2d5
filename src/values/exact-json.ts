/** https://github.com/tc39/proposal-json-parse-with-source, in Node since 21; TypeScript does not know it yet. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
};

/**
 * JSON of a number, a string, true, false or null that is written as it is.
 *
 * @throws SyntaxError when the text is none of these
 */
export const rawJson = (text: string): unknown => rawJSON(text);

export const isRawJson = (value: unknown): boolean => isRawJSON(value);

type ExactParse = (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown,
) => unknown;

/** JSON whose numbers are written again as they were: those that JavaScript spells differently are raw JSON. */
export function parseExactJson(text: string): unknown {
  return (JSON.parse as ExactParse)(text, (_key, value: unknown, { source }) =>
    typeof value === 'number' && String(value) !== source ? rawJSON(source) : value,
  );
}

/** The digits of such a number; null when the value is none. */
export function exactNumber(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return isRawJSON(value) ? value.rawJSON : null;
}
