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
 * Puts the reference back where a message shows what a provider gave for the key it is about: that may be a secret,
 * whatever the option is.
 */
export function hideProvided(problems: readonly Problem[], entries: ResolvedEntries): Problem[] {
  return problems.map((problem) => {
    const entry = problem.key === null ? undefined : entries.get(problem.key);
    if (!entry?.value || entry.value === entry.text) return problem;
    const { text, value } = entry;
    const quoted = JSON.stringify(value).slice(1, -1);
    const message = problem.message.replaceAll(quoted, () => text).replaceAll(value, () => text);
    return { ...problem, message };
  });
}
