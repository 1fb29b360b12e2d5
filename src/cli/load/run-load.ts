import { HeadraceError } from '../../errors.ts';
import { load } from '../../load/load.ts';
import type { LoadOptions } from '../../load/load-options.ts';
import type { LoadProgress } from '../../load/load-progress.ts';
import type { LoadResult } from '../../load/load-result.ts';
import type { RuntimeEvent } from '../../runtime/events/events.ts';
import { counted } from '../../terminal/figures.ts';
import { terminalOf } from '../../terminal/terminal.ts';
import { printable } from '../../terminal/text.ts';
import { typedPath } from '../../terminal/typed-path.ts';
import { EXIT, exitCodeOfLoad } from '../exit-codes.ts';
import { outputInPlaceOf } from '../log-output.ts';
import { print, printJson, tellErrorsOfPrinting } from '../print.ts';
import { stopSignal } from '../stop-signal.ts';
import { continueCommand, replayCommand, restartCommand } from './continue-command.ts';
import { ProgressLine } from './progress-line.ts';
import { summaryText } from './summary-text.ts';

/** How a load shows itself. */
export interface LoadTerms {
  readonly json: boolean;
  readonly progress: boolean;
  readonly color: boolean;
  /** Where metrics are told, `host:port`; null for nowhere. */
  readonly metricsListener: string | null;
}

/** Loads, with results on standard output and everything else on standard error. Gives the exit code. */
export async function runLoad(options: LoadOptions, terms: LoadTerms): Promise<number> {
  guardOutputs();
  const metrics = await openMetrics(options, terms);
  const narrator = new Narrator(terms);
  const { signal, release } = stopSignal();
  let result: LoadResult;
  try {
    result = await load({
      ...options,
      signal,
      onProgress: (progress) => narrator.onProgress(progress),
      onJob: (feed) => metrics?.add(feed),
      onEvent: (event) => {
        narrator.onEvent(event);
        metrics?.apply(event);
      },
    });
  } finally {
    narrator.end();
    await metrics?.close();
    release();
  }
  const exitCode = exitCodeOfLoad(result);
  if (terms.json) printJson(result);
  else if (exitCode !== EXIT.usage) print(summaryText(result, terminalOf(terms.color).paint));
  const more = terms.json ? [] : aboutRejected(result, options);
  for (const line of [...afterword(result, exitCode, options), ...more]) console.error(line);
  return exitCode;
}

/** What only some loads need is loaded with them. */
async function openMetrics({ dryRun }: LoadOptions, { metricsListener }: LoadTerms) {
  if (metricsListener === null) return null;
  if (dryRun === true) {
    const message =
      '--dry-run delivers nothing that metrics (--metrics-listener) could count; give one of the two';
    throw new HeadraceError('CONFIG_INVALID', message);
  }
  const { LoadMetrics } = await import('../../rest/load-metrics.ts');
  const metrics = await LoadMetrics.open(metricsListener);
  console.error(`metrics: ${metrics.url}`);
  return metrics;
}

/** Nothing that is told on the way ends a load. A terminal is left as it is, for lines that move. */
function guardOutputs(): void {
  tellErrorsOfPrinting();
  if (process.stderr.isTTY) return;
  outputInPlaceOf('stderr', {
    lossLine: ({ count, reason }) => `${counted(count, 'line')} lost here: ${reason}`,
  });
}

/** Tells what happens on the way: as a line that moves where a terminal can show it, and in words. */
class Narrator {
  readonly #line: ProgressLine | null;
  #told: string | null = null;

  constructor({ progress, color }: LoadTerms) {
    const { stderr } = process;
    this.#line = progress && stderr.isTTY ? new ProgressLine(stderr, terminalOf(color, stderr).paint) : null;
  }

  onProgress(progress: LoadProgress): void {
    this.#line?.update(progress);
    if (progress.phase === 'WAITING' && progress.reason !== this.#told) {
      this.#told = progress.reason;
      this.#say(`${progress.job}: waiting, and trying again: ${progress.reason}`);
    }
    if (progress.phase === 'LOADING' && this.#told !== null) {
      this.#told = null;
      this.#say(`${progress.job}: going on`);
    }
  }

  onEvent(event: RuntimeEvent): void {
    if (event.type !== 'log' || (event.level !== 'warn' && event.level !== 'error')) return;
    const { file, topic, reason } = event.fields;
    if (file !== undefined) this.#say(printable(`${file}: ${reason ?? event.message}`));
    else if (topic !== undefined) this.#say(String(reason));
  }

  end(): void {
    this.#line?.end();
  }

  #say(text: string): void {
    if (this.#line === null) console.error(text);
    else this.#line.say(text);
  }
}

/** Why it did not complete, and the command to run next. */
function afterword(result: LoadResult, exitCode: number, { maxErrors, files }: LoadOptions): string[] {
  const { argv } = process;
  if (result.wasDelivered) return [`To load it again: ${restartCommand(argv)}`];
  const empty = result.files.filter(({ state, rows }) => state === 'COMPLETED' && rows === 0);
  const lines = empty.map(({ file }) => `${file}: has no rows`);
  if (result.state === 'COMPLETED') return lines;
  if (result.error !== null) {
    const { code, message } = result.error;
    lines.push(maxErrors === undefined ? message : message.replaceAll('errors.max', '--max-errors'));
    if (code === 'KAFKA_FENCED') lines.push(FENCED);
  }
  if (result.dryRun !== null) return lines;
  if (files?.includes('-')) lines.push(aboutStandardInput(result));
  if (exitCode === EXIT.usage) return lines;
  if (exitCode === EXIT.incomplete) {
    return [...lines, `Once every file that failed is mended, go on with: ${continueCommand(argv, result)}`];
  }
  return [...lines, `To go on from here: ${continueCommand(argv, result)}`];
}

/** A feed says where its rejected rows are, and how they are read; a command line is forgotten. */
function aboutRejected({ dryRun, rejected, jobs }: LoadResult, options: LoadOptions): string[] {
  const file = jobs[0]?.deadLetterFile ?? null;
  if (options.topic === undefined || dryRun !== null || rejected === 0 || file === null) return [];
  return [
    `To send rejected rows again, mended with --mended or as they are: ${replayCommand(process.argv, typedPath(file), options)}`,
  ];
}

function aboutStandardInput({ spool }: LoadResult): string {
  return spool === null
    ? 'Standard input had not come to its end, and nothing of it is loaded: give it again.'
    : `Standard input is kept in ${spool}; delete it when it is loaded.`;
}

const FENCED = 'Another load of this job has begun. One beside it needs a name of its own: --job NAME.';
