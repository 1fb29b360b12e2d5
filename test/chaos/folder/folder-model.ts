/** How often a row may be in Kafka under one path. */
interface Allowed {
  least: number;
  most: number;
}

interface PathHistory {
  readonly rows: Map<number, Allowed>;
  /** How often rows may begin anew, from an earlier one. */
  restarts: number;
}

/**
 * What a drop folder holds, and what must arrive of all it has held. Rows are numbered through, so that they ascend in
 * every file. A row arrives once under each path; again only when the file was changed in place after it, so that what
 * was delivered of it is no longer what it begins with. It must arrive if its file stayed until all was delivered.
 */
export class FolderModel {
  readonly #files = new Map<string, readonly number[]>();
  readonly #history = new Map<string, PathHistory>();
  #lastRow = 0;

  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  rows(path: string): readonly number[] {
    return this.#files.get(path) ?? [];
  }

  newRows(count: number): number[] {
    return Array.from({ length: count }, () => ++this.#lastRow);
  }

  /** A file comes under a path; one that was there is gone. */
  put(path: string, rows: readonly number[]): void {
    const history = this.#historyOf(path);
    if (rows.some((row) => history.rows.has(row)) || this.#files.has(path)) history.restarts++;
    for (const row of rows) this.#allowOnceMore(history, row);
    this.#files.set(path, rows);
  }

  append(path: string, rows: readonly number[]): void {
    for (const row of rows) this.#allowOnceMore(this.#historyOf(path), row);
    this.#files.set(path, [...this.rows(path), ...rows]);
  }

  truncate(path: string, count: number): void {
    const history = this.#historyOf(path);
    const kept = this.rows(path).slice(0, count);
    history.restarts++;
    for (const row of kept) this.#allowOnceMore(history, row);
    this.#files.set(path, kept);
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  rename(from: string, to: string): void {
    const rows = this.rows(from);
    this.#files.delete(from);
    this.#historyOf(to).restarts++;
    this.put(to, rows);
  }

  /** All that is in the folder now is delivered. */
  delivered(): void {
    for (const [path, rows] of this.#files) {
      for (const row of rows) (this.#historyOf(path).rows.get(row) as Allowed).least = 1;
    }
  }

  /**
   * Compares what came with what may have come, the first few differences in words.
   *
   * @param arrived by path and row, how often
   * @param restarts by path, the most that one key began anew
   */
  differences(
    arrived: ReadonlyMap<string, ReadonlyMap<number, number>>,
    restarts: ReadonlyMap<string, number>,
  ): string[] {
    const wrong: string[] = [];
    for (const [path, { rows, restarts: allowed }] of this.#history) {
      const counts = arrived.get(path) ?? new Map<number, number>();
      for (const [row, { least, most }] of rows) {
        const count = counts.get(row) ?? 0;
        if (count < least) wrong.push(`row lost: ${path} row ${row}`);
        if (count > most) wrong.push(`row duplicated: ${path} row ${row} came ${count} times, not ${most}`);
      }
      for (const row of counts.keys()) if (!rows.has(row)) wrong.push(`row unknown: ${path} row ${row}`);
      const times = restarts.get(path) ?? 0;
      if (times > allowed) wrong.push(`row out of order: ${path} began anew ${times} times, not ${allowed}`);
    }
    for (const path of arrived.keys()) if (!this.#history.has(path)) wrong.push(`path unknown: ${path}`);
    return wrong.length <= MAX_EXAMPLES
      ? wrong
      : [...wrong.slice(0, MAX_EXAMPLES), `and ${wrong.length - MAX_EXAMPLES} more`];
  }

  #allowOnceMore({ rows }: PathHistory, row: number): void {
    const allowed = rows.get(row);
    if (allowed === undefined) rows.set(row, { least: 0, most: 1 });
    else allowed.most++;
  }

  #historyOf(path: string): PathHistory {
    let history = this.#history.get(path);
    if (history === undefined) {
      history = { rows: new Map(), restarts: 0 };
      this.#history.set(path, history);
    }
    return history;
  }
}

const MAX_EXAMPLES = 10;
