import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogEvent, RuntimeEvent } from './events.ts';

/** How much a logger writes, and since when it was told to; null while nobody has. */
export interface LoggerState {
  /** pino's name of it; `silent` writes nothing. */
  readonly level: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number | null;
}

const ROOT = 'root';

/** What is said of a connector, by what it is about; the rest is the connector's own. */
const COMPONENTS: { readonly [type in RuntimeEvent['type']]?: string } = {
  'task.state': 'tasks',
  'file.state': 'files',
  'files.expected': 'files',
  'files.forgotten': 'files',
  'transaction.committed': 'transactions',
  'rows.rejected': 'transactions',
  'kafka.throttled': 'kafka',
};

export interface WorkerLogOptions {
  /** How lines tell their time: in milliseconds since 1970, or as a text. */
  readonly timeFormat?: 'epoch' | 'iso';
}

/**
 * The log of a worker: its root, and loggers for what is said of each connector, `connector.NAME`, and below that for what it is
 * about, `connector.NAME.files`, whose levels may be other ones.
 */
export class WorkerLog {
  readonly root: Logger;
  readonly #loggers = new Map<string, Logger>();
  readonly #modifiedMs = new Map<string, number>();

  constructor(level: string, output: DestinationStream, { timeFormat = 'epoch' }: WorkerLogOptions = {}) {
    const { epochTime, isoTime } = pino.stdTimeFunctions;
    const timestamp = timeFormat === 'iso' ? isoTime : epochTime;
    this.root = pino({ level, base: null, timestamp }, output);
    this.#loggers.set(ROOT, this.root);
  }

  /** The logger that is to write of an event. */
  of(event: RuntimeEvent): Logger {
    return 'connector' in event ? this.#logger(nameFor(event)) : this.root;
  }

  /** Every logger that there is, by name. */
  states(): ReadonlyMap<string, LoggerState> {
    const sorted = [...this.#loggers].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(
      sorted.map(([name, { level }]) => [name, { level, modifiedMs: this.#modifiedMs.get(name) ?? null }]),
    );
  }

  /** Sets the level of a logger, and of those below it. Gives the names of those that had another one. */
  setLevel(name: string, level: string): string[] {
    this.#logger(name);
    const changed = [...this.#loggers]
      .filter(([other, logger]) => isWithin(other, name) && logger.level !== level)
      .map(([other]) => other)
      .sort();
    for (const one of changed) {
      this.#logger(one).level = level;
      this.#modifiedMs.set(one, Date.now());
    }
    return changed;
  }

  /** A new one has the level of the nearest above it. */
  #logger(name: string): Logger {
    const known = this.#loggers.get(name);
    if (known !== undefined) return known;
    const above = [...this.#loggers.keys()].filter((other) => isWithin(name, other));
    const nearest = above.sort((a, b) => b.length - a.length).find((other) => other !== ROOT) ?? ROOT;
    const level = this.#loggers.get(nearest)?.level ?? this.root.level;
    const logger = this.root.child({}, { level });
    this.#loggers.set(name, logger);
    return logger;
  }
}

function nameFor(event: Extract<RuntimeEvent, { connector: string }>): string {
  const component = event.type === 'log' ? componentOf(event) : COMPONENTS[event.type];
  return `connector.${event.connector}${component === undefined ? '' : `.${component}`}`;
}

/** Who speaks: a plugin of one's own, or the client of Kafka. Which plugin it says is its own word, and may be any. */
function componentOf({ fields }: LogEvent): string | undefined {
  if (fields.plugin !== undefined) return 'plugins';
  return fields.namespace === undefined ? undefined : 'kafka';
}

function isWithin(name: string, above: string): boolean {
  return above === ROOT || name === above || name.startsWith(`${above}.`);
}
