/** Names of zones that mean one offset everywhere (RFC 822, section 5). Others, such as IST and CST of China, mean several. */
const OFFSETS: ReadonlyMap<string, string> = new Map([
  ...['UTC', 'UT', 'GMT', 'Z'].map((name) => [name, 'Z'] as const),
  ['EST', '-05:00'],
  ['EDT', '-04:00'],
  ['CST', '-06:00'],
  ['CDT', '-05:00'],
  ['MST', '-07:00'],
  ['MDT', '-06:00'],
  ['PST', '-08:00'],
  ['PDT', '-07:00'],
]);

/** `Z` or `-05:00`; null for a name that is none of these. */
export function offsetOfName(name: string): string | null {
  return OFFSETS.get(name) ?? null;
}
