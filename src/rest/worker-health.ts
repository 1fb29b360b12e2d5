import type { RuntimeEvent } from '../runtime/events/events.ts';
import type { Herder } from '../runtime/worker/herder.ts';
import { RestError } from './rest-error.ts';

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

  /** Whether it has begun what it was started with: before that nothing is changed over REST. */
  get isStarted(): boolean {
    return this.#herder.isReady;
  }

  /** Why it has not begun yet; null when it has, or nobody has said. */
  get waitingFor(): string | null {
    return this.isStarted ? null : this.#waitingFor;
  }

  /** @throws RestError 503 */
  requireStarted(): void {
    if (!this.isStarted) throw new RestError(503, this.body().message);
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
