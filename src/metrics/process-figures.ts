import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricRegistry } from './metric-registry.ts';

/** How often it is looked whether the event loop comes round: seldom enough to cost nothing. */
const LOOK_MS = 20;
const NS = 1e9;

/** What the worker's process takes, under the names that prom-client gives to these. */
export class ProcessFigures {
  readonly #registry: MetricRegistry;
  readonly #delay = monitorEventLoopDelay({ resolution: LOOK_MS });
  readonly #startedAt = Date.now() / 1000 - process.uptime();
  #cpuSeconds = 0;

  constructor(registry: MetricRegistry) {
    this.#registry = registry;
    this.#delay.enable();
  }

  close(): void {
    this.#delay.disable();
  }

  /** Takes them as they are now. */
  take(): void {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const cpuSeconds = (user + system) / 1e6;
    this.#registry.counter('process_cpu_seconds_total').inc({}, cpuSeconds - this.#cpuSeconds);
    this.#cpuSeconds = cpuSeconds;
    this.#registry.gauge('process_start_time_seconds').set({}, this.#startedAt);
    this.#registry.gauge('process_resident_memory_bytes').set({}, rss);
    this.#registry.gauge('nodejs_heap_size_used_bytes').set({}, heapUsed);
    this.#registry.gauge('nodejs_eventloop_lag_p99_seconds').set({}, this.#lateness(99));
    this.#registry.gauge('nodejs_eventloop_lag_max_seconds').set({}, this.#lateness(100));
    this.#delay.reset();
  }

  /** What is measured is from one look to the next. */
  #lateness(percentile: number): number {
    const { count } = this.#delay;
    return count === 0 ? 0 : Math.max(0, this.#delay.percentile(percentile) / NS - LOOK_MS / 1000);
  }
}
