import { HeadraceError, messageOf, RowError } from '../../src/plugin/index.ts';
import { BoundedExpression } from '../../src/values/bounded-expression.ts';

type Match = RegExpExecArray | null;

const KNOWN_TEXTS = 1000;

/**
 * Says what is wrong with a pattern of a user, or null. Patterns are Java's as far as JavaScript has the same, with
 * `(?i)` at the beginning, `\Q…\E`, `\A`, `\z` and `\Z`: what else is known to one of them only, such as `a++`, is
 * refused.
 */
export function patternProblem(source: string): string | null {
  try {
    expressionOf(source);
    return null;
  } catch (error) {
    return `expected a regular expression: ${messageOf(error)}`;
  }
}

/** The groups of a pattern: how many there are, and the names of those that have one. */
export function patternGroups(source: string): { count: number; names: ReadonlySet<string> } {
  const match = new RegExp(`${expressionOf(source).source}|`, 'u').exec('') as RegExpExecArray;
  return { count: match.length - 1, names: new Set(Object.keys(match.groups ?? {})) };
}

/** Applies a pattern once to each text; what came of it is known from then on, a rejection too. */
export class TextPattern<T> {
  readonly #whole: BoundedExpression;
  readonly #anywhere: BoundedExpression;
  readonly #apply: (match: Match) => T;
  readonly #known = new Map<string, T | RowError>();

  /**
   * @param subject what the texts are, for messages: `topic`
   * @param apply gets the pattern's first match when the whole text matches, otherwise null: Java's `replaceFirst`
   */
  constructor(source: string, subject: string, apply: (match: Match) => T) {
    const problem = patternProblem(source);
    if (problem !== null) throw new HeadraceError('CONFIG_INVALID', problem);
    const anywhere = expressionOf(source);
    this.#anywhere = new BoundedExpression(anywhere, source, subject);
    const whole = new RegExp(`^(?:${anywhere.source})$`, anywhere.flags);
    this.#whole = new BoundedExpression(whole, source, subject);
    this.#apply = apply;
  }

  of(text: string): T {
    let result = this.#known.get(text);
    if (result === undefined) {
      result = this.#resultOf(text);
      if (this.#known.size >= KNOWN_TEXTS) this.#known.clear();
      this.#known.set(text, result);
    }
    if (result instanceof RowError) throw result;
    return result;
  }

  #resultOf(text: string): T | RowError {
    try {
      return this.#apply(this.#whole.test(text) ? this.#anywhere.exec(text) : null);
    } catch (error) {
      if (error instanceof RowError) return error;
      throw error;
    }
  }
}

const JAVA_ONLY = /\\Q([\s\S]*?)(?:\\E|$)|\\([\s\S])/g;
/** What Java has by another name. */
const SAME: Readonly<Record<string, string>> = { A: '^', z: '$', Z: '$' };

/** The pattern, searched for anywhere; throws a SyntaxError. */
function expressionOf(source: string): RegExp {
  const ignoresCase = source.startsWith('(?i)');
  // Java takes a backslash before any other character for that character; with the `u` flag JavaScript does not, and
  // without it JavaScript takes what it does not know for letters.
  const spelled = (ignoresCase ? source.slice(4) : source).replace(
    JAVA_ONLY,
    (whole, quoted: string | undefined, character: string) => {
      if (quoted !== undefined) return quoted.replace(/[^a-zA-Z0-9_]/gu, asItself);
      if (/[\s!-/:-@[-`{-~]/.test(character)) return asItself(character);
      return SAME[character] ?? whole;
    },
  );
  return new RegExp(spelled, ignoresCase ? 'iu' : 'u');
}

function asItself(character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
