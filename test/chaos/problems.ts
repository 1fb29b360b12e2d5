/** What can be wrong with a delivery. */
export const PROBLEMS = {
  'row lost': 'a good row that is not in the topic',
  'row duplicated': 'a row that is in the topic more than once',
  'row out of order': 'a row after a later one of its key, or a key in two partitions',
  'row wrong': 'key, value or file.offset differ from the file',
  'row unknown': 'a record that belongs to no good row of the files',
  'dead letter lost': 'a bad row that is not in the dead-letter queue',
  'dead letter duplicated': 'a bad row that is in the dead-letter queue more than once',
  'dead letter wrong': 'bytes that differ from the row in the file',
  'dead letter unknown': 'a dead letter that belongs to no bad row',
  'offset wrong': 'a stored offset that is not the end of its file, or counts that do not add up',
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

const MAX_EXAMPLES = 5;

/** Counts problems, and keeps the first few of each kind in full. */
export class Problems {
  readonly #counts = new Map<ProblemKind, number>();
  readonly #examples: string[] = [];

  add(kind: ProblemKind, detail: string): void {
    const count = this.count(kind) + 1;
    this.#counts.set(kind, count);
    if (count <= MAX_EXAMPLES) this.#examples.push(`${kind}: ${detail}`);
  }

  count(kind: ProblemKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  get examples(): readonly string[] {
    return this.#examples;
  }
}
