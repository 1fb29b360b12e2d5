import { parseConfigText } from '../../src/config/read/config-file.ts';
import { renderProblem } from '../../src/config/read/problem.ts';

/** Flat keys and rendered problems of a text as if it were /feeds/feed.yaml. */
export function readText(text: string): { flat: Record<string, string>; lines: string[] } {
  const { config, problems } = parseConfigText(text, { source: 'feed.yaml', folder: '/feeds' });
  const flat: Record<string, string> = {};
  for (const [key, entry] of config.entries) flat[key] = entry.text;
  return { flat, lines: problems.map(renderProblem) };
}
