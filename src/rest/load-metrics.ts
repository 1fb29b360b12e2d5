import type { ConnectorConfig } from '../config/connector-config.ts';
import { parseListener } from '../config/define/listener.ts';
import { HeadraceError } from '../errors.ts';
import { WorkerMetrics } from '../metrics/worker-metrics.ts';
import type { RuntimeEvent } from '../runtime/events/events.ts';
import { notListening } from './not-listening.ts';
import { RestApp } from './rest-app.ts';
import { addMetricsRoute } from './routes.ts';

const OPTION = '--metrics-listener';

/** Tells the metrics of a load while it runs, as a worker tells its own. */
export class LoadMetrics {
  /** Where they are: `http://127.0.0.1:9404/metrics`. */
  readonly url: string;
  readonly #app: RestApp;
  readonly #metrics: WorkerMetrics;
  readonly #configs: Map<string, ConnectorConfig>;

  private constructor(
    url: string,
    app: RestApp,
    metrics: WorkerMetrics,
    configs: Map<string, ConnectorConfig>,
  ) {
    this.url = url;
    this.#app = app;
    this.#metrics = metrics;
    this.#configs = configs;
  }

  /**
   * @param address `127.0.0.1:9404`; port 0 takes one that is free
   * @throws HeadraceError CONFIG_INVALID when it is none, or cannot be listened on
   */
  static async open(address: string): Promise<LoadMetrics> {
    const listener = parseListener(`http://${address}`);
    if (listener === null) {
      const message = `${OPTION}: expected HOST:PORT, such as 127.0.0.1:9404, got ${JSON.stringify(address)}`;
      throw new HeadraceError('CONFIG_INVALID', message);
    }
    const configs = new Map<string, ConnectorConfig>();
    const metrics = new WorkerMetrics((name) => configs.get(name) ?? null);
    const app = new RestApp({ listener, tls: null, authentication: null, onFault: () => {} });
    addMetricsRoute(app, metrics);
    const url = await app.listen().catch((error) => {
      throw notListening(OPTION, address, error);
    });
    return new LoadMetrics(`${url}/metrics`, app, metrics, configs);
  }

  /** What comes of this feed is told from now on. */
  add(config: ConnectorConfig): void {
    this.#configs.set(config.name, config);
  }

  apply(event: RuntimeEvent): void {
    this.#metrics.apply(event);
  }

  async close(): Promise<void> {
    this.#metrics.close();
    await this.#app.close();
  }
}
