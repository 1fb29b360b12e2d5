import type { RuntimeEvent } from '../runtime/events/events.ts';
import type { Herder } from '../runtime/worker/herder.ts';

export interface HealthBody {
  readonly status: 'healthy' | 'starting';
  readonly message: string;
}

/** `GET /health`, with Kafka Connect's words. */
export class WorkerHealth {
  readonly #herder: Herder;
  #waitingFor: string | null = null;

  constructor(herder: Herder) {
    this.#herder = herder;
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'worker.waiting') this.#waitingFor = event.reason;
  }

  /** A worker has started when its tasks have. */
  get isStarted(): boolean {
    const tasks = [...this.#herder.connectors.values()].flatMap((connector) => connector.tasks);
    return tasks.some(({ state }) => state !== 'UNASSIGNED');
  }

  body(): HealthBody {
    if (this.isStarted) {
      return {
        status: 'healthy',
        message: 'Worker has completed startup and is ready to handle requests.',
      };
    }
    const reason = this.#waitingFor === null ? '' : ` ${this.#waitingFor}`;
    return { status: 'starting', message: `Worker is still starting up.${reason}` };
  }
}
