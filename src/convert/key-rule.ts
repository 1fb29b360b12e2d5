import type { Conversion, StageRank } from './conversion.ts';
import { escapeBraces } from './expression.ts';

/** What becomes of one key of a connector. */
export interface KeyRule {
  /** As it is written; one that ends with a dot stands for all keys below it. */
  readonly key: string;
  /** For people, in Markdown: what it becomes, or why it needs to become nothing. */
  readonly becomes: string;
  /** What the connector takes where nobody wrote the key. With it the rule holds for that as well. */
  readonly fallback?: string;
  readonly convert: (value: string, key: KeyScope) => void;
}

/** What a rule does with its key. */
export class KeyScope {
  readonly key: string;
  readonly conversion: Conversion;
  readonly #prefix: string;
  readonly #rules: readonly KeyRule[];

  constructor(key: string, prefix: string, rules: readonly KeyRule[], conversion: Conversion) {
    this.key = key;
    this.conversion = conversion;
    this.#prefix = prefix;
    this.#rules = rules;
  }

  /** Another key of the same connector or filter: as somebody wrote it, else what is taken without it. */
  value(name: string): string {
    const fallback = this.#rules.find(({ key }) => key === name)?.fallback ?? '';
    return this.conversion.source.get(this.#prefix + name) ?? fallback;
  }

  isTrue(name: string): boolean {
    return this.value(name).toLowerCase() === 'true';
  }

  set(key: string, value: string): void {
    this.conversion.set(key, value, this.key);
  }

  stage(word: string, rank: StageRank): string {
    return this.conversion.stage(word, rank, this.key);
  }

  foreignStage(word: string, rank: StageRank): string {
    return this.conversion.foreignStage(word, rank, this.key);
  }

  /** It is a part of what this line of the feed says. */
  partOf(key: string): void {
    this.conversion.partOf(key, this.key);
  }

  /** Nothing is lost without it. */
  needless(why: string): void {
    this.conversion.note(this.key, 'needless', why);
  }

  /** Nothing becomes of the connector at all. */
  refuse(why: string): never {
    return this.conversion.refuse(this.key, why);
  }

  /** Something is otherwise here, or left to do. */
  lost(instead: string): void {
    this.conversion.note(this.key, 'lost', instead);
  }
}

/** Goes through rules in their order, below a prefix. */
export function applyRules(rules: readonly KeyRule[], conversion: Conversion, prefix = ''): void {
  for (const rule of rules) {
    for (const [key, value] of valuesOf(rule, conversion, prefix))
      rule.convert(value.trim(), new KeyScope(key, prefix, rules, conversion));
  }
}

function valuesOf(
  { key: name, fallback }: KeyRule,
  { source }: Conversion,
  prefix: string,
): [string, string][] {
  const key = prefix + name;
  if (name.endsWith('.')) return [...source].filter(([other]) => other.startsWith(key));
  const value = source.get(key) ?? fallback;
  return value === undefined ? [] : [[key, value]];
}

/** A key that a feed has as well. */
export function same(key: string): KeyRule {
  return {
    key,
    becomes: `\`${key.replace(/\.$/, '.*')}\``,
    convert: (value, scope) => scope.set(scope.key, value),
  };
}

/** A key that has another name in a feed. */
export function renamed(key: string, name: string): KeyRule {
  return { key, becomes: `\`${name}\``, convert: (value, scope) => scope.set(name, value) };
}

/** Keys without which nothing is lost. */
export function needless(keys: readonly string[], why: string): KeyRule[] {
  return keys.map((key) => ({ key, becomes: why, convert: (_value, scope) => scope.needless(why) }));
}

/** Keys that have no equal. */
export function lost(keys: readonly string[], instead: string): KeyRule[] {
  return keys.map((key) => ({ key, becomes: instead, convert: (_value, scope) => scope.lost(instead) }));
}

/** A switch that has no equal when it is on, and needs none when it is off. */
export function lostIfTrue(key: string, instead: string): KeyRule {
  return {
    key,
    becomes: `\`true\`: ${instead}`,
    convert: (value, scope) =>
      value.toLowerCase() === 'true' ? scope.lost(instead) : scope.needless('off is what there is'),
  };
}

/** The topic that records of a connector go to. @param also what goes with it */
export function topicKey(also: (scope: KeyScope) => void = () => {}): KeyRule {
  return {
    key: 'topic',
    becomes: '`topic` of a transformation `route`',
    convert: (topic, scope) => {
      const route = scope.stage('route', 'route');
      scope.set(`${route}type`, 'route');
      scope.set(`${route}topic`, escapeBraces(topic));
      also(scope);
    },
  };
}
