import type { DataFile } from '../../dry-run/data-file.ts';
import { type RejectedRow, rejectedRows } from '../../dry-run/rejected-rows.ts';
import { fieldsNamed } from '../draw/fields-at-fault.ts';
import type { ColumnProfile } from './column-profile.ts';
import { configOf } from './draft-rows.ts';
import { fieldLines } from './feed-line.ts';
import { type Guess, type GuessedColumn, profileFile, retyped } from './guess.ts';
import { SampledFile } from './sampled-file.ts';
import { starterFeed } from './starter-feed.ts';

/** A row that the feed that was guessed rejects. */
export interface LeftRow {
  readonly row: number;
  readonly line: number;
  readonly reason: string;
  /** Lines of the feed that would load it. */
  readonly choices: readonly string[];
}

/** What becomes of a file's rows in the feed that was guessed from them. */
export interface GuessCheck {
  readonly rows: number;
  /** They are all of the file. */
  readonly isWhole: boolean;
  readonly rejected: number;
  /** The first of these. */
  readonly left: readonly LeftRow[];
}

/** A guess that was held against the file's rows. */
export interface CheckedGuess extends Guess {
  readonly check: GuessCheck;
}

const CHECK_MS = 2000;
const MOST_CHECKS = 5;
const MOST_KEPT = 500;
/** Rows that are named. */
const MOST_LEFT = 5;

/**
 * Guesses how to read a file from as many of its rows as can be read in about two seconds, holds the guess against as many as
 * can be loaded in two more, and makes it wider where it is too narrow.
 *
 * @throws HeadraceError when it cannot be read, is not text or has no rows
 */
export async function guessFile(file: DataFile): Promise<CheckedGuess> {
  const { guess: first, profiles } = await profileFile(file);
  const widener = new Widener(profiles);
  // What was held against one guess must be held against the next.
  let reached = 0;
  for (let guess = first, count = 1; ; count++) {
    const { kept, ...check } = await checkRows(file, guess, reached);
    reached = check.rows;
    const next =
      count < MOST_CHECKS && widener.takes(guess, kept) ? retyped(guess, profiles, widener.wider) : guess;
    if (JSON.stringify(next) === JSON.stringify(guess))
      return { ...guess, check: { ...check, left: leftOf(guess, kept) } };
    guess = next;
  }
}

function leftOf(guess: Guess, rejected: readonly RejectedRow[]): LeftRow[] {
  return rejected.slice(0, MOST_LEFT).map(({ origin: { row, line }, rejection: { message } }) => {
    const choices = columnsAtFault(guess, message).flatMap(({ name }) =>
      fieldLines(name, { type: 'string' }),
    );
    return { row, line, reason: message, choices };
  });
}

/** What a column is made, whatever its cells seemed to be. */
export type Widening = 'optional' | 'text';

interface Checked extends Omit<GuessCheck, 'left'> {
  readonly kept: readonly RejectedRow[];
}

async function checkRows(file: DataFile, guess: Guess, least: number): Promise<Checked> {
  const config = await configOf(starterFeed(file, guess, 'feed.yaml'));
  const end = Date.now() + CHECK_MS;
  const kept: RejectedRow[] = [];
  let rows = 0;
  let rejected = 0;
  const sampled = new SampledFile(file);
  for await (const batch of rejectedRows(config, sampled.chunks())) {
    rows += batch.rows;
    rejected += batch.rejected.length;
    kept.push(...batch.rejected.slice(0, MOST_KEPT - kept.length));
    if (Date.now() > end && rows >= least) return { rows, isWhole: false, rejected, kept };
  }
  return { rows, isWhole: !sampled.isCut, rejected, kept };
}

/** Makes columns wider for rows that are rejected: those that no profile had seen, and those that are no known misfits. */
class Widener {
  readonly wider = new Map<string, Widening>();
  readonly #profiles: readonly ColumnProfile[];
  /** Cells that were shown to a profile after all. */
  readonly #shown = new Set<string>();

  constructor(profiles: readonly ColumnProfile[]) {
    this.#profiles = profiles;
  }

  /** Whether there was something to be made wider. */
  takes(guess: Guess, rejected: readonly RejectedRow[]): boolean {
    let changed = false;
    for (const row of rejected)
      for (const column of columnsAtFault(guess, row.rejection.message))
        changed = this.#shows(guess, row, column) || this.#widens(row, column) || changed;
    return changed;
  }

  #shows(guess: Guess, { origin, cells }: RejectedRow, { name }: GuessedColumn): boolean {
    const text = cells.get(name);
    const place = `${origin.row} ${name}`;
    if (origin.row <= guess.sampled || text === undefined || this.#shown.has(place)) return false;
    this.#shown.add(place);
    this.#profiles.find((profile) => profile.name === name)?.see(text);
    return true;
  }

  #widens({ rejection: { message } }: RejectedRow, { name, misfit }: GuessedColumn): boolean {
    const to = message.startsWith('Missing') ? 'optional' : 'text';
    if ((to === 'text' && misfit !== null) || this.wider.get(name) === to) return false;
    this.wider.set(name, to);
    return true;
  }
}

function columnsAtFault({ columns }: Guess, message: string): GuessedColumn[] {
  const named = fieldsNamed(
    message,
    columns.map(({ name }) => name),
  );
  return columns.filter(({ name }) => named.has(name));
}
