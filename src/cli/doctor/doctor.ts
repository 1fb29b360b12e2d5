import { FieldWalk } from '../../config/check/field-walk.ts';
import type { Feed } from '../../runtime/worker/feed.ts';
import { readFeeds } from '../../runtime/worker/feed-files.ts';
import { conflictsOf } from '../../runtime/worker/side-by-side.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { printable } from '../../terminal/text.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { workerOption } from '../worker-option.ts';
import { attempt, type Check, failed, passed } from './check.ts';
import { checkSurroundings } from './surroundings.ts';

export interface DoctorOptions {
  readonly worker: string | null;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** Tells what is well and what is not, each as it is found. Gives the exit code. */
export async function doctor(feedPaths: readonly string[], options: DoctorOptions): Promise<number> {
  const checks: Check[] = [];
  for await (const check of checksOf(feedPaths, options.worker)) {
    if (!options.json) print(lineOf(check, checks.at(-1) ?? null, options.terminal));
    checks.push(check);
  }
  const failures = checks.filter(({ ok }) => !ok);
  if (options.json) printJson({ ok: failures.length === 0, checks });
  else if (failures.length > 0) print(`\n${failures.length} of ${checks.length} checks failed\n`);
  return exitCodeOfChecks(failures);
}

/** Something that is only away is told from a mistake, which has to be mended before anything else. */
export function exitCodeOfChecks(failures: readonly Check[]): number {
  if (failures.length === 0) return EXIT.ok;
  return failures.every(({ isOutage }) => isOutage) ? EXIT.outage : EXIT.usage;
}

async function* checksOf(feedPaths: readonly string[], workerPath: string | null): AsyncGenerator<Check> {
  const subject = workerPath ?? 'environment';
  const worker = await workerOption(workerPath ?? undefined);
  const feeds: Feed[] = [];
  for (const path of feedPaths) {
    const about = { subject: path, key: 'feed' };
    const check = await attempt(about, async () => {
      feeds.push(...(await readFeeds([path], worker)));
      return passed(about, `${feeds.at(-1)?.config.name} has no mistakes`);
    });
    if (!check.ok) yield check;
  }
  for (const { file, key, message } of conflictsOf(feeds))
    yield failed({ subject: file ?? subject, key: key ?? 'feed' }, message);
  for (const { config, entries } of feeds) {
    const { unread } = await FieldWalk.of(config.transformations);
    for (const { place, reason } of unread)
      yield failed({ subject: entries.origin.source, key: place }, reason);
  }
  yield* checkSurroundings({ worker, subject, feeds });
}

function lineOf(
  { subject, key, ok, isNote, message }: Check,
  before: Check | null,
  { paint }: Terminal,
): string {
  const title = before?.subject === subject ? '' : `${before === null ? '' : '\n'}${printable(subject)}\n`;
  const sign = isNote ? paint('yellow', '!') : paint('green', '✓');
  const mark = ok ? sign : paint('red', '✗');
  const lines = message.split('\n').map(printable);
  return `${title}  ${mark} ${key}: ${lines.join('\n      ')}\n`;
}
