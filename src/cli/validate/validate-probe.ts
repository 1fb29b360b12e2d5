import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { problemAt, wholeOf } from '../../config/read/config-entry.ts';
import type { Problem } from '../../config/read/problem.ts';
import type { Check } from '../doctor/check.ts';
import { exitCodeOfChecks } from '../doctor/doctor.ts';
import { checkSurroundings, type Surroundings } from '../doctor/surroundings.ts';

/** What a probe found. */
export interface Probe {
  /** By the name of the file that they are about; `environment` where no file says it. */
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  /** What is worth telling although nothing is wrong, a line each. */
  readonly notes: readonly string[];
  readonly exitCode: number;
}

/** Asks the surroundings; what fails is a problem at the place in the file where its key is set. */
export async function probe(
  surroundings: Surroundings,
  files: ReadonlyMap<string, ConfigEntries>,
): Promise<Probe> {
  const failures: Check[] = [];
  const notes: string[] = [];
  for await (const check of checkSurroundings(surroundings)) {
    if (!check.ok) failures.push(check);
    else if (check.isNote) notes.push(`${check.subject}: note: ${check.key}: ${check.message}`);
  }
  const problems = Map.groupBy(failures, ({ subject }) => subject);
  return {
    exitCode: exitCodeOfChecks(failures),
    notes,
    problems: new Map(
      [...problems].map(([subject, checks]) => [subject, checks.map((check) => problemOf(check, files))]),
    ),
  };
}

const NOWHERE = { line: null, column: null, origin: null };

function problemOf({ subject, key, message }: Check, files: ReadonlyMap<string, ConfigEntries>): Problem {
  const file = files.get(subject);
  const place = file === undefined ? NOWHERE : (file.entries.get(key) ?? wholeOf(file.origin));
  return { ...problemAt(place, key, message), code: 'surroundings' };
}
