import type { Findings } from '../../test/chaos/checker.ts';
import { PROBLEMS, type ProblemKind } from '../../test/chaos/problems.ts';
import type { KillingResult } from './killing.ts';

export interface Outcome {
  readonly killing: KillingResult;
  /** null: as many as fell into the load. */
  readonly killsWanted: number | null;
  readonly findings: Findings;
  readonly finishedFiles: readonly string[];
  readonly expectedFiles: readonly string[];
  /** Offsets of transactions that nobody has ended. */
  readonly undecided: number;
  readonly seconds: number;
}

/** What is wrong, a line each; none when all is well. */
export function faultsOf(outcome: Outcome): string[] {
  const { killing, killsWanted, findings, finishedFiles, expectedFiles, undecided } = outcome;
  const faults = [...findings.examples];
  if (killing.fault !== null) faults.push(killing.fault);
  if (String(finishedFiles) !== String(expectedFiles)) {
    faults.push(`the finished folder holds ${finishedFiles.join(', ') || 'nothing'}`);
  }
  if (undecided > 0) faults.push(`${undecided} offsets belong to transactions that are still open`);
  if (killsWanted !== null && killing.kills < killsWanted) {
    faults.push(`the load was done after ${killing.kills} of ${killsWanted} kills; give it more --rows`);
  }
  return faults;
}

export function summaryOf(outcome: Outcome): string {
  const { findings, killing, finishedFiles, expectedFiles } = outcome;
  const { firstCommitMs } = killing;
  const first = firstCommitMs.toSorted((one, other) => one - other);
  const lines: [string, string | number][] = [
    ['rows', findings.rows],
    ['kills', killing.kills],
    ['  inside a commit', killing.insideCommit],
    ['delivered', findings.delivered],
    ['lost', findings.count('row lost')],
    ['duplicated', findings.count('row duplicated')],
    ['out of order per key', findings.count('row out of order')],
    ['wrong or unknown', findings.count('row wrong') + findings.count('row unknown')],
    ['dead-lettered', `${findings.deadLetters} of ${findings.deadLettersExpected}`],
    ['  lost, duplicated, wrong', deadLetterProblems(findings).join(', ')],
    ['offset at end of file', `${findings.filesAtEnd} of ${findings.files} files`],
    ['in the finished folder', `${finishedFiles.length} of ${expectedFiles.length} files`],
    ['seconds', outcome.seconds.toFixed(1)],
    ['start to first commit', `median ${median(first)} ms, longest ${Math.round(first.at(-1) ?? 0)} ms`],
  ];
  return lines.map(([name, value]) => `${name.padEnd(28)}${value}\n`).join('');
}

function deadLetterProblems(findings: Findings): number[] {
  const kinds = Object.keys(PROBLEMS) as ProblemKind[];
  return kinds
    .filter((kind) => /^dead letter (lost|dup|wrong)/.test(kind))
    .map((kind) => findings.count(kind));
}

function median(sorted: readonly number[]): number {
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
