import type { OffsetTable } from '../offsets/offset-table.ts';
import type { SourcePartition } from '../plugin/index.ts';

/** The name under which the dead letters of a feed are replayed; what is replayed is kept under it. */
export function replayName(feed: string): string {
  return `${feed}.replay`;
}

/** Whether it is the name of a replay, or of a file of what a replay has rejected. */
export function isReplay(name: string): boolean {
  return name.endsWith(replayName(''));
}

/** The dead letters that are replayed already, by the offsets that stand for them. */
export class ReplayMarks {
  readonly #ids: ReadonlySet<string>;

  constructor(table: OffsetTable) {
    const names = table.connectors().filter(isReplay);
    this.#ids = new Set(names.flatMap((name) => table.of(name)).map(({ partition }) => idOf(partition)));
  }

  has({ id }: { readonly id: SourcePartition }): boolean {
    return this.#ids.has(idOf(id));
  }
}

/** The properties of an id are always written in one order. */
function idOf(id: SourcePartition): string {
  return JSON.stringify(id);
}
