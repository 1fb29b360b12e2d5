import type { ConnectorWork, Work } from '../../src/cluster/work.ts';
import type { Claim, ConnectorConfig, LoggedRecord } from './kafka.ts';

export interface KnownConnector {
  readonly config: (ConnectorConfig & { readonly offset: number }) | null;
  /** Its tasks were counted: `version` is the record's offset. */
  readonly run: { readonly version: number; readonly tasks: number } | null;
  readonly claim: Claim | null;
}

/** What is known of the config topic once it is read up to some offset. */
export class ConfigView {
  readonly connectors = new Map<string, KnownConnector>();
  #position = 0;

  /** Below it, everything is known. */
  get position(): number {
    return this.#position;
  }

  read(log: readonly LoggedRecord[], end = log.length): void {
    for (; this.#position < end; this.#position++) {
      const { offset, record } = log[this.#position] as LoggedRecord;
      const before = this.connectors.get(record.connector) ?? { config: null, run: null, claim: null };
      this.connectors.set(record.connector, known(before, offset, record));
    }
  }

  /** The run that is to be run now; null where it was not counted since it was configured. */
  runOf(connector: string): KnownConnector['run'] {
    const { config, run } = this.connectors.get(connector) ?? { config: null, run: null };
    return config !== null && run !== null && run.version > config.offset ? run : null;
  }

  /** The claim for that run, by which its tasks are started; null until all that ran before are shut out. */
  claimOf(connector: string): Claim | null {
    const run = this.runOf(connector);
    const claim = this.connectors.get(connector)?.claim ?? null;
    return run !== null && claim?.run === run.version ? claim : null;
  }

  work(): Work {
    const connectors = new Map<string, ConnectorWork>();
    for (const [name, { config }] of this.connectors) {
      const run = this.runOf(name);
      if (config !== null && run !== null) connectors.set(name, { tasks: run.tasks, labels: config.labels });
    }
    return { configOffset: this.#position, connectors };
  }
}

function known(before: KnownConnector, offset: number, record: LoggedRecord['record']): KnownConnector {
  switch (record.type) {
    case 'config':
      return { ...before, config: record.config === null ? null : { ...record.config, offset } };
    case 'run':
      return { ...before, run: { version: offset, tasks: record.tasks } };
    case 'claim':
      return { ...before, claim: record.claim };
  }
}
