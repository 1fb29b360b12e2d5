import { type ConfigProblem, HeadraceError } from '../../src/plugin/index.ts';
import { compileTemplate, fixedText, type Template } from './template.ts';

export interface RouteOptions {
  readonly topic: string | null;
  readonly key: readonly string[];
  readonly partition: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: string | null;
}

/** The options, compiled. */
export interface Route {
  readonly topic: Template | null;
  readonly key: readonly string[];
  readonly partition: Template | null;
  readonly headers: readonly { readonly name: string; readonly template: Template }[];
  readonly timestamp: string | null;
}

export function routeFrom({ topic, key, partition, headers, timestamp }: RouteOptions): Route {
  return {
    topic: topic === null ? null : compiled('topic', topic),
    key,
    partition: partition === null ? null : compiled('partition', partition),
    headers: Object.entries(headers).map(([name, source]) => ({
      name,
      template: compiled(`headers.${name}`, source),
    })),
    timestamp,
  };
}

function compiled(key: string, source: string): Template {
  const template = compileTemplate(source);
  if (typeof template === 'string') throw new HeadraceError('CONFIG_INVALID', `${key}: ${template}`);
  return template;
}

/** Templates that do not compile, and fixed topics and partitions that Kafka does not take. */
export function* routeProblems({ topic, partition, headers, key }: RouteOptions): Iterable<ConfigProblem> {
  yield* templateProblems('topic', topic, topicProblem);
  yield* templateProblems('partition', partition, (text) =>
    partitionNumber(text) === null ? `expected a number of 0 or more, got ${JSON.stringify(text)}` : null,
  );
  for (const [name, source] of Object.entries(headers)) {
    yield* templateProblems(`headers.${name}`, source, () => null);
  }
  const twice = key.find((field, i) => key.indexOf(field) < i);
  if (twice !== undefined) yield { key: 'key', message: `names ${JSON.stringify(twice)} more than once` };
}

function* templateProblems(
  key: string,
  source: string | null,
  problemOf: (fixed: string) => string | null,
): Iterable<ConfigProblem> {
  if (source === null) return;
  const template = compileTemplate(source);
  if (typeof template === 'string') {
    yield { key, message: template };
    return;
  }
  const fixed = fixedText(template);
  const problem = fixed === null ? null : problemOf(fixed);
  if (problem !== null) yield { key, message: problem };
}

const LEGAL_TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;

/** Why Kafka does not take a topic's name (org.apache.kafka.common.internals.Topic), or null. */
export function topicProblem(name: string): string | null {
  if (LEGAL_TOPIC.test(name) && name !== '.' && name !== '..') return null;
  const shown = JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
  return `expected a topic of 1 to 249 letters, digits, dots, _ and -, got ${shown}`;
}

const PARTITION_MAX = 2 ** 31 - 1;

/** The number of a partition; null when the text is not one. */
export function partitionNumber(text: string): number | null {
  if (!/^[0-9]{1,10}$/.test(text)) return null;
  const partition = Number(text);
  return partition <= PARTITION_MAX ? partition : null;
}
