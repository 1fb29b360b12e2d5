/** What is wrong with a connector's name, or null. Names are parts of REST paths, file names and topic keys. */
export function connectorNameMistake(name: string): string | null {
  const shown = JSON.stringify(name);
  if (name.trim() === '') return 'expected a name, got nothing';
  if (name.trim() !== name) return `expected a name without spaces around it, got ${shown}`;
  if (/[/\\]/.test(name)) return `expected a name without / and \\, got ${shown}`;
  if (/\p{Cc}/u.test(name)) return `expected a name without control characters, got ${shown}`;
  if (name === '.' || name === '..') return `expected a name, got the path ${shown}`;
  return null;
}
