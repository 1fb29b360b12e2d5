import { ConfigView } from './config-view.ts';
import { Broken, type World } from './world.ts';

/** What the leader writes. A connector's run, once it is claimed, has shut out all that ran before. */
export type ConfigRecord =
  | { readonly type: 'config'; readonly connector: string; readonly config: ConnectorConfig | null }
  | { readonly type: 'run'; readonly connector: string; readonly tasks: number }
  | { readonly type: 'claim'; readonly connector: string; readonly claim: Claim };

export interface ConnectorConfig {
  /** By which whoever asked for it knows it again. */
  readonly number: number;
  readonly tasks: number;
  readonly labels: ReadonlyMap<string, string>;
}

export interface Claim {
  readonly id: string;
  readonly tasks: number;
  /** The offset of the run's record; null: those before are still being shut out. */
  readonly run: number | null;
}

export interface Writer {
  readonly id: string;
  readonly epoch: number;
}

export interface LoggedRecord {
  readonly offset: number;
  readonly record: ConfigRecord;
}

/** Files whose rows a connector reads; of its tasks each has some of them. */
export const FILES = 6;

export function filesOf(task: number, tasks: number): number[] {
  return Array.from({ length: FILES }, (_, file) => file).filter((file) => file % tasks === task);
}

/** Topics and transactions: who has taken over a transactional id shuts out those who had it. */
export class Kafka {
  readonly log: LoggedRecord[] = [];
  /** The config topic, all of it. */
  readonly view = new ConfigView();
  readonly #world: World;
  readonly #epochs = new Map<string, number>();
  /** How many rows of a connector's file are committed. */
  readonly #rows = new Map<string, number>();
  readonly #onAppend: () => void;
  rows = 0;

  constructor(world: World, onAppend: () => void) {
    this.#world = world;
    this.#onAppend = onAppend;
  }

  takeOver(id: string): Writer {
    const epoch = (this.#epochs.get(id) ?? -1) + 1;
    this.#epochs.set(id, epoch);
    this.#world.tell(`kafka: ${id} has epoch ${epoch}`);
    return { id, epoch };
  }

  /** @returns false: refused, as another has taken over */
  commitConfig(writer: Writer, generation: number, record: ConfigRecord): boolean {
    if (!this.#isCurrent(writer)) return false;
    this.log.push({ offset: this.log.length, record });
    this.view.read(this.log);
    this.#world.tell(`config topic ${this.log.length - 1}: ${shown(record)} (generation ${generation})`);
    this.#onAppend();
    return true;
  }

  committedRows(connector: string, file: number): number {
    return this.#rows.get(`${connector}/${file}`) ?? 0;
  }

  /** @returns false: refused, as another has taken over */
  commitRows(writer: Writer, connector: string, file: number, from: number, to: number): boolean {
    if (!this.#isCurrent(writer)) return false;
    const before = this.committedRows(connector, file);
    if (from !== before)
      throw new Broken(
        `${writer.id} of epoch ${writer.epoch} committed rows ${from} to ${to} of file ${file} of ${connector}, ` +
          `of which ${before} were committed`,
      );
    this.#rows.set(`${connector}/${file}`, to);
    this.rows += to - from;
    return true;
  }

  #isCurrent({ id, epoch }: Writer): boolean {
    return this.#epochs.get(id) === epoch;
  }
}

function shown(record: ConfigRecord): string {
  switch (record.type) {
    case 'config':
      return record.config === null
        ? `${record.connector} is deleted`
        : `${record.connector} has ${record.config.tasks} tasks ${[...record.config.labels].join()}`;
    case 'run':
      return `a run of ${record.connector} with ${record.tasks} tasks`;
    case 'claim':
      return `claim ${record.claim.id} of ${record.connector}, run ${record.claim.run}`;
  }
}
