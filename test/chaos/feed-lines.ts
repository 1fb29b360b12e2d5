/** Lines of a feed or of a worker's configuration; null takes one away. */
export type Lines = Readonly<Record<string, string | number | boolean | null>>;

export function yaml(lines: Lines): string {
  return Object.entries(lines)
    .flatMap(([key, value]) => (value === null ? [] : [`${key}: ${JSON.stringify(value)}\n`]))
    .join('');
}
