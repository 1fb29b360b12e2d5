import type { ConfigEntry, ConfigOrigin } from './config-entry.ts';
import { problemAt } from './config-entry.ts';
import type { Flattened } from './flatten-yaml.ts';
import type { Problem } from './problem.ts';

/** The characters that have a letter of their own after a backslash; every other is itself. */
const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** A key, up to the first =, : or space that no backslash is before, and what comes after that. */
const PAIR = /^((?:\\.|[^\\=:\s])*)\s*[=:]?\s*(.*)$/s;

/** Reads Java properties, in which Kafka Connect's files are written (java.util.Properties, load). */
export function flattenProperties(text: string, origin: ConfigOrigin): Flattened {
  const entries = new Map<string, ConfigEntry>();
  const problems: Problem[] = [];
  for (const { line, text: written } of logicalLines(text)) {
    const [, key = '', value = ''] = (PAIR.exec(written) ?? []).map(unescaped);
    const entry = { text: value, line, column: 1, origin };
    const before = entries.get(key);
    if (before === undefined) entries.set(key, entry);
    else {
      const problem = problemAt(entry, key, `is already set in line ${before.line}; keep one of the two`);
      problems.push({ ...problem, code: 'syntax' });
    }
  }
  return { entries, problems };
}

/** Lines with what goes on after a backslash at their ends, without blank ones and comments. */
function logicalLines(text: string): { line: number; text: string }[] {
  const logical: { line: number; text: string }[] = [];
  let isGoingOn = false;
  for (const [index, natural] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const written = natural.replace(/^[ \t\f]+/, '');
    if (!isGoingOn && (written === '' || /^[#!]/.test(written))) continue;
    const [backslashes = ''] = /\\*$/.exec(written) ?? [];
    const last = isGoingOn ? logical.at(-1) : undefined;
    isGoingOn = backslashes.length % 2 === 1;
    const content = isGoingOn ? written.slice(0, -1) : written;
    if (last === undefined) logical.push({ line: index + 1, text: content });
    else last.text += content;
  }
  return logical;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_whole, hex: string | undefined, one: string) =>
    hex === undefined ? (ESCAPES[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
