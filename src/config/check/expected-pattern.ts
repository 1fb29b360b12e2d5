import { mayOverlap } from '../../../connectors/files/glob/glob-overlap.ts';
import { withFields } from '../../values/dated-text.ts';
import type { Problem } from '../read/problem.ts';

interface Findings {
  readonly problems: readonly Problem[];
  problem(key: string, message: string): void;
}

const KEY = 'expect.pattern';
const DIGIT = '[0-9]';

/** Files are expected that the feed does not take: they would be late each day. Told only where that is certain. */
export function checkExpectedPattern(
  findings: Findings,
  expected: string | null,
  source: { readonly values: Readonly<Record<string, unknown>> } | undefined,
): void {
  const taken = source?.values.inputFilePattern;
  if (expected === null || expected === '' || typeof taken !== 'string') return;
  if (findings.problems.some(({ key }) => key === KEY || key === 'input.file.pattern')) return;
  // What a pattern says by what it is not is no path.
  if (expected.startsWith('!') || taken.startsWith('!')) return;
  const dated = withFields(expected, {
    '{yyyy}': DIGIT.repeat(4),
    '{MM}': DIGIT.repeat(2),
    '{dd}': DIGIT.repeat(2),
  });
  if (mayOverlap(pathGlob(dated), pathGlob(taken))) return;
  const message =
    `no file matches both ${JSON.stringify(expected)} and input.file.pattern ${JSON.stringify(taken)}: what is expected ` +
    'would never come; write it as the names of the files that the feed takes are';
  findings.problem(KEY, message);
}

/** Without a slash a pattern is for the name, in whatever folder. */
function pathGlob(pattern: string): string {
  return pattern.includes('/') ? pattern : `**/${pattern}`;
}
