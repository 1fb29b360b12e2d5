import type { ConnectorChangedEvent, RuntimeEvent } from '../events/events.ts';
import type { ManagedConnector } from './managed-connector.ts';

/** What is told of a worker's connectors as a whole. */
export class ConnectorNews {
  readonly #publish: (event: RuntimeEvent) => void;

  constructor(publish: (event: RuntimeEvent) => void) {
    this.#publish = publish;
  }

  changed(connector: string, change: ConnectorChangedEvent['change']): void {
    this.#publish({ type: 'connector.changed', connector, change });
  }

  /** Nothing is told of one that can be run. */
  ifFailed({ config, error }: Pick<ManagedConnector, 'config' | 'error'>): void {
    if (error !== null) this.#publish({ type: 'connector.failed', connector: config.name, error });
  }
}
