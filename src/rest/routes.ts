import type { FastifyRequest } from 'fastify';
import { masked } from '../config/read/hidden-secrets.ts';
import type { WorkerMetrics } from '../metrics/worker-metrics.ts';
import type { Connector } from '../runtime/worker/connector.ts';
import type { Herder } from '../runtime/worker/herder.ts';
import type { ClusterId } from './cluster-id.ts';
import { infoBody, statusBody, taskStatusBody, tasksBody, type WorkerIdentity } from './connector-bodies.ts';
import type { FileTable } from './file-table.ts';
import type { RestApp } from './rest-app.ts';
import { RestError } from './rest-error.ts';
import type { WorkerHealth } from './worker-health.ts';

/** What answers are made of. */
export interface WorkerState {
  readonly herder: Pick<Herder, 'connectors'>;
  readonly identity: () => WorkerIdentity;
  readonly clusterId: Pick<ClusterId, 'get'>;
  readonly health: WorkerHealth;
  readonly files: FileTable;
  readonly metrics: WorkerMetrics;
}

export function addRoutes(app: RestApp, state: WorkerState): void {
  addWorkerRoutes(app, state);
  addConnectorRoutes(app, state);
}

function addWorkerRoutes(app: RestApp, { health, identity, clusterId, metrics }: WorkerState): void {
  app.getJson('/', async () => ({
    version: identity().version,
    // What Kafka Connect says when its build does not know.
    commit: 'unknown',
    kafka_cluster_id: health.isStarted ? await clusterId.get() : null,
  }));
  app.getJson('/health', (_request, reply) => {
    if (!health.isStarted) reply.code(503);
    return health.body();
  });
  app.get('/metrics', async (_request, reply) => {
    return reply.header('content-type', metrics.contentType).send(await metrics.text());
  });
}

function addConnectorRoutes(app: RestApp, { herder, identity, files }: WorkerState): void {
  const named = (request: FastifyRequest, missing = notFound): Connector => {
    const { connector: name } = request.params as { connector: string };
    const connector = herder.connectors.get(name);
    if (connector === undefined) throw new RestError(404, missing(name));
    return connector;
  };
  app.getJson('/connectors', ({ query }) => {
    const sorted = [...herder.connectors.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const { expand } = query as { expand?: string | string[] };
    if (expand === undefined) return sorted.map(([name]) => name);
    const parts = [expand].flat();
    return Object.fromEntries(
      sorted.map(([name, connector]) => [name, expanded(connector, parts, identity())]),
    );
  });
  app.getJson('/connectors/:connector', (request) => infoBody(named(request)));
  app.getJson('/connectors/:connector/config', (request) => masked(named(request).config));
  app.getJson('/connectors/:connector/status', (request) => statusBody(named(request, noStatus), identity()));
  app.getJson('/connectors/:connector/tasks', (request) => tasksBody(named(request)));
  app.getJson('/connectors/:connector/tasks/:task(^\\d+$)/status', (request) => {
    const { connector: name, task: digits } = request.params as { connector: string; task: string };
    const task = herder.connectors.get(name)?.tasks.find(({ plan }) => plan.taskId === Number(digits));
    if (task === undefined) throw new RestError(404, `No status found for task ${name}-${digits}`);
    return taskStatusBody(task, identity());
  });
  app.getJson('/connectors/:connector/files', (request) => files.filesOf(named(request).config.name));
}

function expanded(connector: Connector, parts: readonly string[], identity: WorkerIdentity) {
  return {
    ...(parts.includes('status') ? { status: statusBody(connector, identity) } : {}),
    ...(parts.includes('info') ? { info: infoBody(connector) } : {}),
  };
}

function notFound(name: string): string {
  return `Connector ${name} not found`;
}

function noStatus(name: string): string {
  return `No status found for connector ${name}`;
}
