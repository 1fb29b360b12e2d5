/** The source of an expression that finds the text itself. */
export function literalSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
