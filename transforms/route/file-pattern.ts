import { compileTemplate } from '../shared/template.ts';
import { textsBetween } from '../shared/texts-between.ts';

/** What a file's name says, by a pattern such as `{exchange}_{data_type}_*.csv`. */
export interface FilePattern {
  readonly source: string;
  /** The names between braces. */
  readonly names: readonly string[];
  /** The parts of a path by name; null when it does not match. */
  match(path: string): ReadonlyMap<string, string> | null;
}

/** A part of the path between slashes. */
interface Segment {
  readonly texts: readonly string[];
  /** What stands between the texts; null is a `*`. */
  readonly names: readonly (string | null)[];
}

/**
 * Compiles a pattern; a string says what is wrong with it. It is held against the file's name, or against as many parts
 * of the end of its path as it has itself. `{part}` takes at least one character, `*` none or more, neither a slash.
 */
export function compileFilePattern(source: string): FilePattern | string {
  const segments: Segment[] = [];
  for (const part of source.split('/')) {
    const segment = compileSegment(part);
    if (typeof segment === 'string') return segment;
    segments.push(segment);
  }
  const names = segments.flatMap((segment) => segment.names).filter((name) => name !== null);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return `names ${JSON.stringify(twice)} more than once`;
  return { source, names, match: (path: string) => matchSegments(segments, path) };
}

function compileSegment(source: string): Segment | string {
  const template = compileTemplate(source);
  if (typeof template === 'string') return template;
  const texts: string[] = [];
  const names: (string | null)[] = [];
  for (const [index, text] of template.texts.entries()) {
    const pieces = text.split('*');
    texts.push(...pieces);
    names.push(...pieces.slice(1).map(() => null));
    const part = template.parts[index];
    if (part === undefined) continue;
    if (part.from !== 'name' || part.case !== null) return 'expected only names between { and }';
    names.push(part.name);
  }
  if (texts.slice(1, -1).includes(''))
    return 'expected text between two parts, to tell where the first one ends';
  return { texts, names };
}

function matchSegments(segments: readonly Segment[], path: string): ReadonlyMap<string, string> | null {
  const parts = path.split('/').slice(-segments.length);
  if (parts.length < segments.length) return null;
  const found = new Map<string, string>();
  for (const [index, { texts, names }] of segments.entries()) {
    const pieces = textsBetween(texts, parts[index] as string, (piece) => (names[piece] === null ? 0 : 1));
    if (pieces === null) return null;
    names.forEach((name, piece) => {
      if (name !== null) found.set(name, pieces[piece] as string);
    });
  }
  return found;
}
