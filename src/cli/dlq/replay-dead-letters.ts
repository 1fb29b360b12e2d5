import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { findHeads } from '../../dead-letters/heads.ts';
import { type MendedRow, readMendedRows } from '../../dead-letters/mended-rows.ts';
import { nothingReplayed, type ReplayPlan, type ReplayResult, replay } from '../../dead-letters/replay.ts';
import { contextOf } from '../../dry-run/offline-parts.ts';
import { HeadraceError } from '../../errors.ts';
import { createParser } from '../../runtime/task/task-plugins.ts';
import type { Feed } from '../../runtime/worker/feed.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { continueCommand } from '../load/continue-command.ts';
import { print, printJson } from '../print.ts';
import { stopSignal } from '../stop-signal.ts';
import { tellLeftOut } from './list-dead-letters.ts';
import type { Cluster, OpenQueue, QueuePlace } from './open-queue.ts';
import { type LeftOut, replaySummary } from './replay-summary.ts';

export interface ReplayOptions {
  readonly mended?: string;
  readonly headerFrom?: string;
  readonly json?: true;
}

/** Replays what waits, or the mended rows alone. Gives the exit code. */
export async function replayDeadLetters(queue: OpenQueue, options: ReplayOptions): Promise<number> {
  const { feed, cluster, place } = queue;
  if (feed === null || cluster === null) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      'which feed are the rows to go through? Give --feed FEED, or for rows that load --topic has rejected --to TOPIC and what else it was given',
    );
  }
  const { rows, leftOut } = await rowsToReplay(queue, options.mended);
  const stop = stopSignal();
  try {
    const plan = { ...cluster, feed, rows, fallback: fallbackOf(place), signal: stop.signal };
    const heads = await headsOf(plan, queue.all, options.headerFrom ?? null);
    const result = rows.length === 0 ? nothingReplayed(feed) : await replay({ ...plan, heads });
    return report(queue, result, leftOut, options.json === true);
  } finally {
    stop.release();
  }
}

async function rowsToReplay(
  { letters, isReplayed }: OpenQueue,
  mended: string | undefined,
): Promise<{ rows: readonly MendedRow[]; leftOut: LeftOut }> {
  const all = mended === undefined ? letters.map(asItIs) : await readMendedRows(mended, letters, isReplayed);
  const open = all.filter(({ letter }) => !isReplayed(letter));
  const asTheyWere = open.filter(({ letter, bytes }) => bytes.equals(letter.raw));
  const rowless = new Set(asTheyWere.filter(({ letter }) => letter.content !== 'row'));
  const cut = new Set(asTheyWere.filter((row) => row.letter.truncatedFrom !== null && !rowless.has(row)));
  return {
    rows: open.filter((row) => !rowless.has(row) && !cut.has(row)),
    leftOut: { replayed: all.length - open.length, cut: cut.size, rowless: rowless.size },
  };
}

function asItIs(letter: DeadLetter): MendedRow {
  return { letter, bytes: letter.raw };
}

function fallbackOf(place: QueuePlace): ReplayPlan['fallback'] {
  return 'topic' in place ? place : { file: place.files[0] as string };
}

async function headsOf(
  { feed, rows, signal }: Cluster & { feed: Feed; rows: readonly MendedRow[]; signal: AbortSignal },
  queue: readonly DeadLetter[],
  headerFrom: string | null,
) {
  const parser = await createParser(feed.config, { ...contextOf(feed.config.name), signal });
  const letters = rows.map(({ letter }) => letter);
  return findHeads(letters, { feed: feed.config, parser, headerFrom, queue });
}

function report(queue: OpenQueue, result: ReplayResult, leftOut: LeftOut, json: boolean): number {
  const { error, ...figures } = result;
  if (json) {
    const reason = error === null ? null : { code: error.code, message: error.message };
    printJson({ ...figures, ...leftOut, error: reason });
  } else print(replaySummary(result, leftOut));
  tellLeftOut(queue);
  if (error !== null) console.error(error.message);
  if (result.state !== 'COMPLETED') {
    const command = continueCommand(process.argv, { isBegunAnew: false, spool: null });
    console.error(`No row is lost or sent twice. To go on:\n  ${command}`);
  }
  return exitCode(result, leftOut);
}

function exitCode({ state, error, rejected }: ReplayResult, { cut, rowless }: LeftOut): number {
  if (error !== null) return exitCodeOf(error);
  if (state === 'STOPPED') return EXIT.interrupted;
  return rejected + cut + rowless > 0 ? EXIT.incomplete : EXIT.ok;
}
