import type { PluginCounter, PluginLog, PluginMetrics, RowOrigin } from '../../src/plugin/index.ts';
import type { SequenceBreak, SequenceStep, WholeNumber } from './sequences.ts';

const MAX_EXAMPLES = 5;

/** One row at which a sequence broke. Numbers are text, since they may have more digits than a JSON number keeps. */
interface Example {
  readonly found: SequenceBreak;
  readonly line: number;
  readonly key: string;
  readonly expected: string;
  readonly got: string;
}

/** What metrics call it. */
const FOUND: { readonly [found in SequenceBreak]: string } = {
  gap: 'gap',
  repeat: 'repeat',
  outOfOrder: 'out_of_order',
  reset: 'reset',
};

/** Counts what is found in a file, and logs it when the next file begins; metrics are told at once. */
export class SequenceReport {
  readonly #log: PluginLog;
  readonly #breaks: PluginCounter;
  readonly #allMissing: PluginCounter;
  #file: string | null = null;
  #rows = 0;
  #missing = 0n;
  #unchecked = 0;
  #counts = noCounts();
  #examples: Example[] = [];

  constructor(log: PluginLog, metrics: PluginMetrics) {
    this.#log = log;
    this.#breaks = metrics.counter('headrace_sequence_breaks_total', {
      help: 'Rows at which a sequence broke, by what was found (sequence)',
      labels: ['found'],
    });
    this.#allMissing = metrics.counter('headrace_sequence_missing_total', {
      help: 'Numbers that gaps of sequences leave out (sequence)',
    });
    for (const found of Object.values(FOUND)) this.#breaks.inc(0, { found });
  }

  row({ filePath }: RowOrigin): void {
    if (filePath !== this.#file) {
      this.end();
      this.#file = filePath;
    }
    this.#rows++;
  }

  unchecked(): void {
    this.#unchecked++;
  }

  add({ found, expected }: SequenceStep, { line }: RowOrigin, key: string, got: WholeNumber): void {
    this.#counts[found]++;
    this.#breaks.inc(1, { found: FOUND[found] });
    if (found === 'gap') {
      const missing = BigInt(got) - BigInt(expected);
      this.#missing += missing;
      this.#allMissing.inc(Math.min(Number(missing), Number.MAX_SAFE_INTEGER));
    }
    if (this.#examples.length < MAX_EXAMPLES)
      this.#examples.push({ found, line, key, expected: String(expected), got: String(got) });
  }

  /** Logs what was found since the file began. A sequence that begins again may well be meant to. */
  end(): void {
    if (this.#file === null) return;
    const { gap, repeat, outOfOrder, reset } = this.#counts;
    const level = gap + repeat + outOfOrder > 0 ? 'warn' : reset > 0 ? 'info' : 'debug';
    this.#log[level]('sequences checked', {
      file: this.#file,
      rows: this.#rows,
      gaps: gap,
      missing: Number(this.#missing),
      repeats: repeat,
      outOfOrder,
      resets: reset,
      unchecked: this.#unchecked,
      examples: this.#examples,
    });
    this.#file = null;
    this.#rows = 0;
    this.#missing = 0n;
    this.#unchecked = 0;
    this.#counts = noCounts();
    this.#examples = [];
  }
}

function noCounts(): Record<SequenceBreak, number> {
  return { gap: 0, repeat: 0, outOfOrder: 0, reset: 0 };
}
