import { type ConfigProblem, HeadraceError } from '../../src/plugin/index.ts';
import { entriesOf } from '../../src/values/ordered-row.ts';
import { shownText } from '../../src/values/shown.ts';
import { topicNameProblem } from '../../src/values/topic-name.ts';
import { compileTemplate, filledIn, fixedText, type Template } from '../shared/template.ts';
import { compileFilePattern, type FilePattern } from './file-pattern.ts';
import { notAllowed } from './topic-rule.ts';

export interface RouteOptions {
  readonly topic: string | null;
  readonly topicsAllowed: readonly string[];
  readonly key: readonly string[];
  readonly partition: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: string | null;
  readonly constants: Readonly<Record<string, string>>;
  readonly filePattern: string | null;
}

export interface HeaderTemplate {
  readonly name: string;
  readonly template: Template;
}

/** The options, compiled; constants are filled in. */
export interface Route {
  readonly topic: Template | null;
  readonly topicsAllowed: readonly string[];
  readonly key: readonly string[];
  readonly partition: Template | null;
  readonly headers: readonly HeaderTemplate[];
  readonly timestamp: string | null;
  readonly constants: ReadonlyMap<string, string>;
  readonly filePattern: FilePattern | null;
}

type Constants = RouteOptions['constants'];

export function routeFrom(options: RouteOptions): Route {
  const { topic, topicsAllowed, key, partition, headers, timestamp, constants, filePattern } = options;
  const template = (option: string, source: string) => checked(option, compiled(source, constants));
  return {
    topic: topic === null ? null : template('topic', topic),
    topicsAllowed,
    key,
    partition: partition === null ? null : template('partition', partition),
    headers: entriesOf(headers).map(([name, source]) => ({
      name,
      template: template(`headers.${name}`, source),
    })),
    timestamp,
    constants: new Map(entriesOf(constants)),
    filePattern: filePattern === null ? null : checked('file.pattern', compileFilePattern(filePattern)),
  };
}

function compiled(source: string, constants: Constants): Template | string {
  const template = compileTemplate(source);
  if (typeof template === 'string') return template;
  return filledIn(template, ({ from, name }) =>
    from === 'name' && Object.hasOwn(constants, name) ? constants[name] : undefined,
  );
}

function checked<T>(option: string, result: T | string): T {
  if (typeof result === 'string') throw new HeadraceError('CONFIG_INVALID', `${option}: ${result}`);
  return result;
}

/** Templates that do not compile, fixed topics and partitions that cannot be, names that mean two things. */
export function* routeProblems(options: RouteOptions): Iterable<ConfigProblem> {
  const { topic, topicsAllowed, partition, headers, key, constants } = options;
  const problems = (option: string, source: string | null, problemOf: (fixed: string) => string | null) =>
    templateProblems(option, source, constants, problemOf);
  yield* problems('topic', topic, (text) => topicNameProblem(text) ?? notAllowed(text, topicsAllowed));
  yield* problems('partition', partition, (text) =>
    partitionNumber(text) === null ? `expected a number of 0 or more, got ${JSON.stringify(text)}` : null,
  );
  for (const [name, source] of entriesOf(headers)) yield* problems(`headers.${name}`, source, () => null);
  const twice = key.find((field, i) => key.indexOf(field) < i);
  if (twice !== undefined) yield { key: 'key', message: `names ${JSON.stringify(twice)} more than once` };
  const strange = topicsAllowed.find((pattern) => !TOPIC_PATTERN.test(pattern));
  if (strange !== undefined) {
    yield {
      key: 'topics.allowed',
      message: `expected topics, or patterns with *, got ${shownText(strange)}`,
    };
  }
  yield* nameProblems(options);
}

const TOPIC_PATTERN = /^[a-zA-Z0-9._*-]+$/;

function* templateProblems(
  key: string,
  source: string | null,
  constants: Constants,
  problemOf: (fixed: string) => string | null,
): Iterable<ConfigProblem> {
  if (source === null) return;
  const template = compiled(source, constants);
  if (typeof template === 'string') {
    yield { key, message: template };
    return;
  }
  const fixed = fixedText(template);
  const problem = fixed === null ? null : problemOf(fixed);
  if (problem !== null) yield { key, message: problem };
}

function* nameProblems({ constants, filePattern }: RouteOptions): Iterable<ConfigProblem> {
  const pattern = filePattern === null ? null : compileFilePattern(filePattern);
  if (typeof pattern === 'string') yield { key: 'file.pattern', message: pattern };
  for (const [name, value] of entriesOf(constants)) {
    const key = `constants.${name}`;
    if (value === '') yield { key, message: 'expected text' };
    if (typeof pattern === 'object' && pattern?.names.includes(name)) {
      yield { key, message: 'is also a part of file.pattern; rename one of them' };
    }
  }
}

const PARTITION_MAX = 2 ** 31 - 1;

/** The number of a partition; null when the text is not one. */
export function partitionNumber(text: string): number | null {
  if (!/^[0-9]{1,10}$/.test(text)) return null;
  const partition = Number(text);
  return partition <= PARTITION_MAX ? partition : null;
}
