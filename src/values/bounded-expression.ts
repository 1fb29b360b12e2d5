import { type Context, createContext, Script } from 'node:vm';
import type { RowError } from '../plugin/row-error.ts';
import { rowError, type Show } from './shown.ts';

const TIMEOUT_MS = 500;
/** Once so many topics have taken too long, no other is tried: the thread has other rows to see to. */
const SLOW_TOPICS = 3;

/** V8 asks for the end of its time while it backtracks, so that no pattern can stall the thread. */
const EXECUTE = new Script('expression.exec(text)');

/** A user's regular expression for topics, whose names may come from rows: it may backtrack, but not for long. */
export class BoundedExpression {
  readonly #expression: RegExp;
  readonly #source: string;
  #context: Context | null = null;
  #slowTopics = 0;

  /** @param source as the user wrote it */
  constructor(expression: RegExp, source: string) {
    this.#expression = expression;
    this.#source = source;
  }

  /** @throws RowError PatternTooSlow */
  exec(topic: string): RegExpExecArray | null {
    if (this.#slowTopics === SLOW_TOPICS)
      throw this.#tooSlow((show) => `${SLOW_TOPICS} topics before ${show(topic)}`);
    this.#context ??= createContext({ expression: this.#expression });
    this.#context.text = topic;
    try {
      return EXECUTE.runInContext(this.#context, { timeout: TIMEOUT_MS }) as RegExpExecArray | null;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      this.#slowTopics++;
      throw this.#tooSlow((show) => show(topic));
    }
  }

  /** @throws RowError PatternTooSlow */
  test(topic: string): boolean {
    return this.exec(topic) !== null;
  }

  #tooSlow(topics: (show: Show) => string): RowError {
    return rowError(
      'PatternTooSlow',
      (show) =>
        `topic: matching ${topics(show)} with ${this.#source} took longer than ${TIMEOUT_MS} ms; simplify the pattern`,
    );
  }
}
