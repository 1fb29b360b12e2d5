import { shownText } from '../../values/shown.ts';
import type { ResolvedEntries } from './config-entry.ts';
import type { Problem } from './problem.ts';

/** The text of a feed as written, by its keys, for showing: what is sensitive is `[hidden]`. */
export function masked({
  raw,
  sensitiveKeys,
}: {
  readonly raw: Readonly<Record<string, string>>;
  readonly sensitiveKeys: readonly string[];
}): Record<string, string> {
  const shown: Record<string, string> = Object.create(null);
  for (const [key, text] of Object.entries(raw)) shown[key] = sensitiveKeys.includes(key) ? '[hidden]' : text;
  return shown;
}

/**
 * Puts the reference back where a message shows what a provider gave, or a part of it: that may be a secret, whatever the
 * option is. In a message about another key only what nobody takes for a word of the message is looked for.
 */
export function hideProvided(problems: readonly Problem[], entries: ResolvedEntries): Problem[] {
  const provided = [...entries].filter(([, { text, value }]) => value && value !== text);
  if (provided.length === 0) return [...problems];
  return problems.map((problem) => {
    let { key, message } = problem;
    for (const [own, { text, value }] of provided) {
      message = withoutSecret(message, value as string, text, own === problem.key ? 3 : LONG);
      // A name that others' keys are made of.
      if ((value as string).length >= LONG && own !== key)
        key = key?.replaceAll(value as string, () => text) ?? null;
    }
    return { ...problem, key, message };
  });
}

/** What lists, maps and addresses are made of is told by itself. */
const PARTS = [/[,;\s]+/, /[^\p{L}\p{N}_.-]+/u];

/** Nobody takes so many characters for a word of the message. */
const LONG = 8;

/** A message may show the beginning of a long value alone. */
const BEGINNING = 24;

/**
 * A message in which `instead` stands for a value, and for each of its parts that has so many characters.
 *
 * @param value whole; the message may quote it with escapes, and cut it off
 */
export function withoutSecret(message: string, value: string, instead: string, shortest = 3): string {
  const parts = PARTS.flatMap((separator) => value.split(separator)).filter(
    (part) => part.length >= shortest,
  );
  const shown = [value, ...parts].flatMap((part) => [part, shownText(part, part.length).slice(1, -1)]);
  let hidden = message;
  for (const part of [...new Set(shown)].sort((a, b) => b.length - a.length)) {
    hidden = hidden.replaceAll(part, () => instead);
    const beginning = part.slice(0, BEGINNING);
    for (let at = hidden.indexOf(beginning); part.length > BEGINNING && at !== -1; ) {
      let end = BEGINNING;
      while (end < part.length && hidden[at + end] === part[end]) end += 1;
      hidden = hidden.slice(0, at) + instead + hidden.slice(at + end);
      at = hidden.indexOf(beginning, at + instead.length);
    }
  }
  return hidden;
}
