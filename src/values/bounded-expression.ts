import { type Context, createContext, Script } from 'node:vm';
import type { RowError } from '../plugin/row-error.ts';
import { rowError, type Show } from './shown.ts';

const TIMEOUT_MS = 500;
/** Once so many texts have taken too long, no other is tried: the thread has other rows to see to. */
const SLOW_TEXTS = 3;

/** V8 asks for the end of its time while it backtracks, so that no pattern can stall the thread. */
const EXECUTE = new Script('expression.exec(text)');

/** A user's regular expression for texts that come from rows, such as topics: it may backtrack, but not for long. */
export class BoundedExpression {
  readonly #expression: RegExp;
  readonly #source: string;
  #context: Context | null = null;
  readonly #subject: string;
  readonly #isPlain: boolean;
  #slowTexts = 0;

  /**
   * @param source as the user wrote it
   * @param subject what the texts are: `topic`
   */
  constructor(expression: RegExp, source: string, subject: string) {
    this.#subject = subject;
    this.#isPlain = isPlain(source);
    this.#expression = expression;
    this.#source = source;
  }

  /** @throws RowError PatternTooSlow */
  exec(text: string): RegExpExecArray | null {
    if (this.#isPlain && text.length <= PLAIN_TEXT) return this.#expression.exec(text);
    if (this.#slowTexts === SLOW_TEXTS)
      throw this.#tooSlow((show) => `${SLOW_TEXTS} ${this.#subject}s before ${show(text)}`);
    this.#context ??= createContext({ expression: this.#expression });
    this.#context.text = text;
    try {
      return EXECUTE.runInContext(this.#context, { timeout: TIMEOUT_MS }) as RegExpExecArray | null;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      this.#slowTexts++;
      throw this.#tooSlow((show) => show(text));
    }
  }

  /** @throws RowError PatternTooSlow */
  test(text: string): boolean {
    return this.exec(text) !== null;
  }

  #tooSlow(texts: (show: Show) => string): RowError {
    return rowError(
      'PatternTooSlow',
      (show) =>
        `${this.#subject}: matching ${texts(show)} with ${this.#source} took longer than ${TIMEOUT_MS} ms; simplify the pattern`,
    );
  }
}

/** As long as a text may be that is held against a plain pattern without a watch, which takes a hundred times as long. */
const PLAIN_TEXT = 256;
const PLAIN_QUANTIFIERS = 2;
const PLAIN_GROUPS = 3;
const PLAIN_ALTERNATIVES = 16;

/** Whether all ways to match a short text are few: nothing repeats what has repetitions in it, and little repeats. */
function isPlain(source: string): boolean {
  const marks = source
    .replaceAll(/\\[^\dk]/g, 'x')
    .replaceAll(/\[[^\]]*\]/g, 'x')
    .replaceAll('(?:', '(');
  if (/\\|\(\?|\)[*+?{]/.test(marks)) return false;
  const count = (mark: RegExp) => marks.match(mark)?.length ?? 0;
  return (
    count(/[*+?{]/g) <= PLAIN_QUANTIFIERS &&
    count(/\(/g) <= PLAIN_GROUPS &&
    count(/\|/g) <= PLAIN_ALTERNATIVES
  );
}
