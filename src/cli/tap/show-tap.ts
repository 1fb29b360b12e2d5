import { HeadraceError } from '../../errors.ts';
import type { TapCounts, TapEvents, TappedRecord } from '../../rest/tap/messages.ts';
import { count, counted } from '../../terminal/figures.ts';
import { type Terminal, terminalOf } from '../../terminal/terminal.ts';
import { printable } from '../../terminal/text.ts';
import { parseExactJson } from '../../values/exact-json.ts';
import { leaveSignals } from '../end-at-signals.ts';
import { printAll } from '../print.ts';
import type { WorkerClient, WorkerEvent } from '../remote/worker-client.ts';

export interface TapOptions {
  readonly feed: string;
  /** Records after which it ends. */
  readonly limit: number;
  /** null prints each record as JSON. */
  readonly terminal: Terminal | null;
  readonly color: boolean;
}

/**
 * Prints what a worker tells at the path of a tap, until there was enough of it, Ctrl-C, or whoever reads goes.
 *
 * @throws HeadraceError what the worker refuses, or ends it for; WORKER_UNAVAILABLE when the worker goes
 */
export async function showTap(worker: WorkerClient, path: string, options: TapOptions): Promise<void> {
  const shown = new ShownTap(options);
  const stopped = stop();
  try {
    await printAll(shown.lines(worker.events(path), stopped, worker.url));
  } finally {
    shown.tellEnd();
  }
  // What is still told is for nobody.
  process.stdout.write('', () => process.exit());
}

/** The text of records, and on standard error what is to be known of them. */
class ShownTap {
  readonly #options: TapOptions;
  #records = 0;
  #counts: TapCounts = { state: 'RUNNING', rows: 0, passedOver: 0, silent: [] };

  constructor(options: TapOptions) {
    this.#options = options;
  }

  async *lines(events: AsyncGenerator<WorkerEvent, void>, stopped: Promise<'stopped'>, url: string) {
    while (this.#records < this.#options.limit) {
      const next = await Promise.race([events.next(), stopped]);
      if (next === 'stopped') return;
      if (next.done)
        throw new HeadraceError('WORKER_UNAVAILABLE', `--url: the worker at ${url} does not answer any more`);
      const line = this.#lineOf(next.value);
      if (line !== null) yield line;
    }
  }

  tellEnd(): void {
    const { rows, passedOver } = this.#counts;
    if (this.#records === 0 && rows === 0) return;
    const over = passedOver === 0 ? '' : `; ${counted(passedOver, 'row')} passed over`;
    console.error(`${counted(this.#records, 'record')} shown${over}`);
  }

  #lineOf({ name, data, text }: WorkerEvent): string | null {
    if (name === 'record') {
      this.#records++;
      const { terminal } = this.#options;
      return `${terminal === null ? text : recordLine(parseExactJson(text) as TappedRecord, terminal)}\n`;
    }
    if (name === 'tapping') this.#tellBeginning(data as TapEvents['tapping']);
    else if (name === 'counts') this.#tellCounts(data as TapCounts);
    else if (name === 'end')
      throw new HeadraceError('CONFIG_INVALID', printable((data as TapEvents['end']).reason));
    return null;
  }

  #tellBeginning({ stage, showsValues }: TapEvents['tapping']): void {
    const masked = showsValues ? '' : '; values are not shown (errors.log.include.values: false)';
    this.#note(`${this.#options.feed} after ${stage}${masked}; Ctrl-C ends`);
  }

  #tellCounts(counts: TapCounts): void {
    const before = this.#counts;
    this.#counts = counts;
    if (counts.state !== before.state) this.#note(`${this.#options.feed} is ${counts.state}`);
    // A worker of an older version tells of its own records alone, and names nobody.
    const { silent = [] } = counts;
    for (const worker of silent.filter((one) => !before.silent?.includes(one)))
      this.#note(`… no records of ${worker}`);
    const over = counts.passedOver - before.passedOver;
    if (over > 0) this.#note(`… ${counted(over, 'row')} passed over`);
  }

  /** For a person. */
  #note(text: string): void {
    const { terminal, color } = this.#options;
    if (terminal !== null) console.error(terminalOf(color, process.stderr).paint('dim', printable(text)));
  }
}

function recordLine({ file, row, topic, key, value }: TappedRecord, { paint }: Terminal): string {
  const place = paint('dim', printable(`${file} row ${count(row)}`));
  const to = [topic, key].filter((part) => part !== null).map(textOf);
  return [place, ...to.map(printable), printable(JSON.stringify(value))].join('  ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Resolves when somebody ends it. */
function stop(): Promise<'stopped'> {
  leaveSignals();
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stopped'));
  });
}
