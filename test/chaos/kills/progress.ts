import type { LogLine } from '../../integration/support/headrace-process.ts';

interface CommittedFile {
  readonly path: string;
  readonly rows: { readonly read: number };
}

/** How far the load is, by what the daemon writes to its log. */
export class Progress {
  readonly #rowsOf = new Map<string, number>();
  #largestCommit = 0;
  #commits = 0;

  get rows(): number {
    return [...this.#rowsOf.values()].reduce((total, rows) => total + rows, 0);
  }

  /** Rows of the largest transaction so far. */
  get largestCommit(): number {
    return this.#largestCommit;
  }

  /** Transactions that were told of. */
  get commits(): number {
    return this.#commits;
  }

  add(line: LogLine): void {
    switch (line.msg) {
      case 'transaction committed':
        this.#commits++;
        this.#largestCommit = Math.max(this.#largestCommit, (line.rows as { read: number }).read);
        for (const { path, rows } of line.files as CommittedFile[]) this.#reached(path, rows.read);
        break;
      case 'file reading':
        this.#reached(line.file as string, line.row as number);
        break;
    }
  }

  #reached(file: string, row: number): void {
    this.#rowsOf.set(file, Math.max(row, this.#rowsOf.get(file) ?? 0));
  }
}
