import { type Context, createContext, Script } from 'node:vm';
import { HeadraceError, messageOf, RowError } from '../../src/plugin/index.ts';

type Match = RegExpExecArray | null;

const TIMEOUT_MS = 500;
const KNOWN_TOPICS = 1000;
/** Once so many topics have taken too long, no other is tried: the thread has other rows to see to. */
const SLOW_TOPICS = 3;

/** V8 asks for the end of its time while it backtracks, so that no pattern can stall the thread. */
const EXECUTE = new Script('expression.exec(text)');

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

/** Applies a pattern once to each topic; what came of it is known from then on, a rejection too. */
export class TopicPattern<T> {
  readonly #source: string;
  readonly #whole: RegExp;
  readonly #anywhere: RegExp;
  readonly #apply: (match: Match) => T;
  readonly #context: Context = createContext({});
  readonly #known = new Map<string, T | RowError>();
  #slowTopics = 0;

  /** `apply` gets the pattern's first match when the whole topic matches, otherwise null: Java's `replaceFirst`. */
  constructor(source: string, apply: (match: Match) => T) {
    const problem = patternProblem(source);
    if (problem !== null) throw new HeadraceError('CONFIG_INVALID', problem);
    this.#source = source;
    this.#anywhere = expressionOf(source);
    this.#whole = new RegExp(`^(?:${this.#anywhere.source})$`, this.#anywhere.flags);
    this.#apply = apply;
  }

  of(topic: string): T {
    let result = this.#known.get(topic);
    if (result === undefined) {
      result = this.#resultOf(topic);
      if (this.#known.size >= KNOWN_TOPICS) this.#known.clear();
      this.#known.set(topic, result);
    }
    if (result instanceof RowError) throw result;
    return result;
  }

  #resultOf(topic: string): T | RowError {
    if (this.#slowTopics === SLOW_TOPICS)
      return this.#tooSlow(`${SLOW_TOPICS} topics before ${JSON.stringify(topic)}`);
    try {
      const matches = this.#execute(this.#whole, topic) !== null;
      return this.#apply(matches ? this.#execute(this.#anywhere, topic) : null);
    } catch (error) {
      if (error instanceof RowError) return error;
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      this.#slowTopics++;
      return this.#tooSlow(JSON.stringify(topic));
    }
  }

  #tooSlow(topics: string): RowError {
    const matching = `matching ${topics} with ${this.#source}`;
    return new RowError(
      'PatternTooSlow',
      `topic: ${matching} took longer than ${TIMEOUT_MS} ms; simplify the pattern`,
    );
  }

  #execute(expression: RegExp, text: string): Match {
    Object.assign(this.#context, { expression, text });
    return EXECUTE.runInContext(this.#context, { timeout: TIMEOUT_MS }) as Match;
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
