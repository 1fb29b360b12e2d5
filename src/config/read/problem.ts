import { HeadraceError } from '../../plugin/index.ts';

/** Which kind of mistake it is, for programs: names that stay. */
export type ProblemCode =
  /** It cannot be read, or is no configuration. */
  | 'unreadable'
  /** Not as YAML, JSON or properties are written. */
  | 'syntax'
  | 'unknown-key'
  | 'missing-key'
  | 'invalid-value'
  /** Right in itself, but not beside another file. */
  | 'conflict'
  /** What is around does not do what the file wants. */
  | 'surroundings';

/** One mistake in a configuration, with where it is. */
export interface Problem {
  /** `invalid-value` where it is not said. */
  readonly code?: ProblemCode;
  /** The file as the user named it, or `REST`, `command line`; null when it is in no file. */
  readonly file: string | null;
  /** 1 is the first. */
  readonly line: number | null;
  readonly column: number | null;
  /** The whole dotted key. */
  readonly key: string | null;
  /** What was expected, what came, how to mend it. Never holds a sensitive value. */
  readonly message: string;
}

/** One line: `feed.yaml:12: transforms.route.topik: unknown key; did you mean transforms.route.topic?` */
export function renderProblem({ file, line, key, message }: Problem): string {
  const place = file === null ? [] : [line === null ? file : `${file}:${line}`];
  const lines = [...place, ...(key === null ? [] : [key]), message].join(': ').split(/[\r\n]/);
  return lines
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join(' ');
}

/** Problems in the order of the file; those without a line first. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0) || compareKeys(a.key, b.key),
  );
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

/** The report of problems: a line each, in the order of the file. */
export function problemLines(problems: readonly Problem[]): string[] {
  return sortProblems(problems).map(renderProblem);
}

/** The error that reports problems: CONFIG_INVALID with every one of them, a line each. */
export function invalidConfig(problems: readonly Problem[]): HeadraceError {
  return new HeadraceError('CONFIG_INVALID', problemLines(problems).join('\n'));
}

/** The mistakes in how a file is written, and those in what it says; of a key that is written wrongly only the former. */
export function withOthers(written: readonly Problem[], said: readonly Problem[]): Problem[] {
  const wrong = new Set(written.map(({ key }) => key));
  return [...written, ...said.filter(({ key }) => !wrong.has(key))];
}
