import { type DestinationStream, type Logger, pino } from 'pino';
import type { RuntimeEvent } from './events.ts';

/** How much a logger writes, and since when it was told to; null while nobody has. */
export interface LoggerState {
  /** pino's name of it; `silent` writes nothing. */
  readonly level: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number | null;
}

const ROOT = 'root';

/**
 * The log of a worker: its root, and a logger for what is said of each connector, `connector.NAME`, whose level may be
 * another one.
 */
export class WorkerLog {
  readonly root: Logger;
  readonly #loggers = new Map<string, Logger>();
  readonly #modifiedMs = new Map<string, number>();

  constructor(level: string, output: DestinationStream) {
    this.root = pino({ level, base: null }, output);
    this.#loggers.set(ROOT, this.root);
  }

  /** The logger that is to write of an event. */
  of(event: RuntimeEvent): Logger {
    return 'connector' in event ? this.#logger(`connector.${event.connector}`) : this.root;
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

function isWithin(name: string, above: string): boolean {
  return above === ROOT || name === above || name.startsWith(`${above}.`);
}
