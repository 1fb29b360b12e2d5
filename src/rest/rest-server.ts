import { type Listener, parseListener } from '../config/define/listener.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import { type HiddenMetric, WorkerMetrics } from '../metrics/worker-metrics.ts';
import type { LoggerLevel } from '../offsets/logger-level.ts';
import type { ClusterView } from '../runtime/cluster/cluster-view.ts';
import type { Expectations } from '../runtime/expectations/expectations.ts';
import type { FileStates } from '../runtime/files/file-states.ts';
import type { Herder } from '../runtime/worker/herder.ts';
import { advertisedUrl, workerIdAt } from './advertised-url.ts';
import { ClusterId } from './cluster-id.ts';
import { Viewers } from './console/viewers.ts';
import { type Doors, openDoors } from './doors/doors.ts';
import { type OwnGroup, ownGroup } from './group/own-group.ts';
import { addLoggerRoutes, groupLevels, type Loggers } from './logger-routes.ts';
import { notListening } from './not-listening.ts';
import { addPluginRoutes } from './plugins/plugin-routes.ts';
import { RestApp } from './rest-app.ts';
import { addHealthRoutes, addRoutes, type WorkerState } from './routes.ts';
import { StatusKeeper } from './status-keeper.ts';
import { Tappers } from './tap/tappers.ts';
import { WorkerHealth } from './worker-health.ts';

export interface RestServerOptions {
  readonly worker: WorkerConfig;
  readonly herder: Herder;
  /** What the worker knows of its group; null where it has none. */
  readonly cluster: ClusterView | null;
  readonly files: FileStates;
  readonly expectations: Pick<Expectations, 'statuses'>;
  /** Of Headrace. */
  readonly version: string;
  readonly loggers: Loggers;
  /** Told of each address that is listened on. */
  readonly onListening: (address: string) => void;
  /** A metric of a plugin has the name of another. */
  readonly onHiddenMetric: (metric: HiddenMetric) => void;
  /** Told why states cannot be written to the status topic. */
  readonly onStatusFailure: (reason: string) => void;
  /** Told of what is wrong with a file that has changed: of certificates, of users. */
  readonly onMistake: (message: string) => void;
  /** Told of what nobody foresaw. */
  readonly onFault: (error: Error, path: string) => void;
}

/** Answers questions about a worker on each of its listeners, those about its metrics on listeners of their own as well. */
export class RestServer {
  readonly #options: RestServerOptions;
  readonly #state: WorkerState;
  readonly #apps: RestApp[] = [];
  readonly #unsubscribes: readonly (() => void)[];
  readonly #addresses: string[] = [];
  readonly #group: OwnGroup | null;
  #url = '';

  private constructor(options: RestServerOptions, { tls }: Doors) {
    const { worker, herder, cluster, files, expectations, version } = options;
    this.#options = options;
    const identity = () => ({ workerId: workerIdAt(this.#url), version });
    this.#group =
      cluster === null
        ? null
        : ownGroup({
            ...{ worker, cluster, certificates: tls?.certificates ?? null },
            workerId: () => identity().workerId,
            onReading: (connector, reading) => files.learn(connector, reading),
          });
    const clusterId = new ClusterId(worker);
    const health = new WorkerHealth(herder);
    const statuses = new StatusKeeper({
      ...{ worker, herder, cluster, identity },
      onFailure: options.onStatusFailure,
    });
    const shown = {
      ...{ herder, files, expectations, health, identity, statuses, group: this.#group?.figures ?? null },
      clusterId: async () => (health.isStarted ? clusterId.get() : null),
    };
    const subscribers = {
      health,
      metrics: new WorkerMetrics(
        (name) => herder.connectors.get(name)?.feed?.config ?? null,
        options.onHiddenMetric,
      ),
      statuses,
      viewers: new Viewers(shown),
    };
    // A worker that others only measure writes no topic for that, and shows nothing.
    const told =
      worker.listeners.length > 0
        ? [...Object.values(subscribers), groupLevels(options.loggers)]
        : [health, subscribers.metrics];
    this.#unsubscribes = told.map((subscriber) =>
      herder.events.subscribe((event) => subscriber.apply(event)),
    );
    this.#state = {
      herder,
      worker,
      files,
      identity,
      forwarding: this.#group?.forwarding ?? null,
      peers: this.#group?.peers ?? null,
      group: this.#group?.figures ?? null,
      clusterId,
      tappers: new Tappers({ herder, identity, statuses }),
      ...subscribers,
    };
  }

  /**
   * Listens on every listener. Start it before the herder: it knows what it was told since.
   *
   * @throws HeadraceError CONFIG_INVALID when an address cannot be listened on, or a file of certificates or users is wrong.
   */
  static async start(options: RestServerOptions): Promise<RestServer> {
    const { worker, onMistake } = options;
    const doors = openDoors(worker, onMistake);
    const server = new RestServer(options, doors);
    try {
      for (const text of worker.listeners) {
        await server.#listen('listeners', text, doors, (app) => server.#addRoutes(app));
      }
      const open = { ...doors, authentication: null };
      for (const text of worker.metricsListeners) {
        await server.#listen('metrics.listeners', text, open, (app) => addHealthRoutes(app, server.#state));
      }
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Where others reach the worker; empty where it has no listeners. */
  get advertisedUrl(): string {
    return this.#url;
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    this.#state.viewers.close();
    this.#state.metrics.close();
    this.#state.tappers.close();
    await Promise.all([this.#state.statuses.close(), ...this.#apps.map((app) => app.close())]);
  }

  #addRoutes(app: RestApp): void {
    addRoutes(app, this.#state);
    addPluginRoutes(app, this.#options.worker);
    const { forwarding, health, herder } = this.#state;
    const set = (level: LoggerLevel) => herder.setLoggerLevels(level);
    addLoggerRoutes(app, this.#options.loggers, forwarding && { forwarding, health, set });
  }

  async #listen(
    key: string,
    text: string,
    { tls, authentication }: Doors,
    addTo: (app: RestApp) => void,
  ): Promise<void> {
    const listener = parseListener(text) as Listener;
    const app = new RestApp({
      listener,
      tls: listener.protocol === 'https' ? tls : null,
      authentication,
      signed: key === 'listeners' ? (this.#group?.signed ?? null) : null,
      onFault: this.#options.onFault,
    });
    this.#apps.push(app);
    addTo(app);
    const address = await app.listen().catch((error) => {
      throw notListening(key, text, error);
    });
    if (key === 'listeners') {
      this.#addresses.push(address);
      this.#url = advertisedUrl(this.#addresses, this.#options.worker);
    }
    this.#options.onListening(address);
  }
}
