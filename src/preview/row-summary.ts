import type { RowTrace } from '../dry-run/row-trace.ts';

/** What would become of the rows, in numbers. */
export interface Summary {
  readonly rows: number;
  readonly sent: number;
  readonly rejected: number;
  readonly filtered: number;
  /** Records by topic. */
  readonly topics: Readonly<Record<string, number>>;
}

export function summaryOf(rows: readonly RowTrace[]): Summary {
  const counted = new RowSummary();
  for (const row of rows) counted.add(row);
  return counted.summary;
}

/** Counts rows one by one. */
export class RowSummary {
  readonly #outcomes = { sent: 0, rejected: 0, filtered: 0 };
  readonly #topics: Record<string, number> = Object.create(null);

  get rows(): number {
    const { sent, rejected, filtered } = this.#outcomes;
    return sent + rejected + filtered;
  }

  get summary(): Summary {
    return { rows: this.rows, ...this.#outcomes, topics: this.#topics };
  }

  add({ outcome }: RowTrace): void {
    this.#outcomes[outcome.kind]++;
    if (outcome.kind !== 'sent') return;
    for (const { topic } of outcome.records) this.#topics[topic] = (this.#topics[topic] ?? 0) + 1;
  }
}
