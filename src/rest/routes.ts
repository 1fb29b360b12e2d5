import type { WorkerConfig } from '../config/worker-config.ts';
import type { WorkerMetrics } from '../metrics/worker-metrics.ts';
import type { FileStates } from '../runtime/files/file-states.ts';
import type { Herder } from '../runtime/worker/herder.ts';
import { addChangeRoutes } from './change-routes.ts';
import type { ClusterId } from './cluster-id.ts';
import type { WorkerIdentity } from './connector-bodies.ts';
import { addConnectorRoutes } from './connector-routes.ts';
import { addConsoleRoutes, sendPage, wantsPage } from './console/console-routes.ts';
import type { Viewers } from './console/viewers.ts';
import { addFileRoutes } from './file-routes.ts';
import type { Forwarding } from './group/forwarding.ts';
import type { GroupFigures } from './group/group-figures.ts';
import type { GroupPeers } from './group/tap-elsewhere.ts';
import { addOffsetRoutes } from './offset-routes.ts';
import { type RestApp, requireJson, sendJson } from './rest-app.ts';
import type { StatusKeeper } from './status-keeper.ts';
import { addTapRoutes } from './tap/tap-routes.ts';
import type { Tappers } from './tap/tappers.ts';
import type { WorkerHealth } from './worker-health.ts';

/** What answers are made of. */
export interface WorkerState {
  readonly herder: Herder;
  readonly worker: WorkerConfig;
  readonly identity: () => WorkerIdentity;
  /** Null where the worker has no group. */
  readonly forwarding: Forwarding | null;
  /** The other workers of its group; null where there is none. */
  readonly peers: GroupPeers | null;
  /** What these count; null where there is no group. */
  readonly group: GroupFigures | null;
  readonly clusterId: Pick<ClusterId, 'get'>;
  readonly health: WorkerHealth;
  readonly files: FileStates;
  readonly metrics: WorkerMetrics;
  readonly statuses: StatusKeeper;
  readonly viewers: Viewers;
  readonly tappers: Tappers;
}

export function addRoutes(app: RestApp, state: WorkerState): void {
  addWorkerRoutes(app, state);
  addHealthRoutes(app, state);
  addConnectorRoutes(app, state);
  addChangeRoutes(app, state);
  addOffsetRoutes(app, state);
  addFileRoutes(app, state);
  addTapRoutes(app, state);
  addConsoleRoutes(app, state);
}

function addWorkerRoutes(app: RestApp, { health, identity, clusterId, viewers }: WorkerState): void {
  app.json('GET', '/workers', (request) => {
    request.waitingFor = 'the other workers of the group';
    return viewers.group();
  });
  app.get('/', async (request, reply) => {
    const { accept } = request.headers;
    if (wantsPage(accept)) return sendPage(reply);
    requireJson(accept);
    return sendJson(reply, {
      version: identity().version,
      // What Kafka Connect says when its build does not know.
      commit: 'unknown',
      kafka_cluster_id: health.isStarted ? await clusterId.get() : null,
    });
  });
}

/** What whoever watches over a worker asks. */
export function addHealthRoutes(app: RestApp, { health, metrics }: WorkerState): void {
  app.json('GET', '/health', (_request, reply) => {
    if (!health.isStarted) reply.code(503);
    return health.body();
  });
  addMetricsRoute(app, metrics);
}

export function addMetricsRoute(app: RestApp, metrics: WorkerMetrics): void {
  app.get('/metrics', async (_request, reply) => {
    return reply.header('content-type', metrics.contentType).send(await metrics.text());
  });
}
