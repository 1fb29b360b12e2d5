import { masked } from '../config/read/hidden-secrets.ts';
import type { ManagedConnector } from '../runtime/worker/managed-connector.ts';
import {
  type Elsewhere,
  infoBody,
  statusBody,
  taskStatusBody,
  tasksBody,
  type WorkerIdentity,
} from './connector-bodies.ts';
import { MISSING, namedConnector, nameIn, taskIn } from './named-connector.ts';
import type { RestApp } from './rest-app.ts';
import { RestError } from './rest-error.ts';
import type { WorkerState } from './routes.ts';

/** What is asked of connectors. */
export function addConnectorRoutes(app: RestApp, { herder, identity, statuses }: WorkerState): void {
  app.json('GET', '/connectors', ({ query }) => {
    const sorted = [...herder.connectors.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const { expand } = query as { expand?: string | string[] };
    if (expand === undefined) return sorted.map(([name]) => name);
    const parts = [expand].flat();
    return Object.fromEntries(
      sorted.map(([name, connector]) => [name, expanded(connector, parts, identity(), statuses)]),
    );
  });
  app.json('GET', '/connectors/:connector', (request) => infoBody(namedConnector(herder, request)));
  app.json('GET', '/connectors/:connector/config', (request) =>
    masked(namedConnector(herder, request).config),
  );
  app.json('GET', '/connectors/:connector/status', (request) =>
    statusBody(namedConnector(herder, request, MISSING.status), identity(), statuses),
  );
  app.json('GET', '/connectors/:connector/tasks', (request) => tasksBody(namedConnector(herder, request)));
  app.json('GET', '/connectors/:connector/tasks/:task(^\\d+$)/status', (request) => {
    const name = nameIn(request);
    const number = taskIn(request);
    const connector = herder.connectors.get(name);
    const task = connector?.tasks.find(({ plan }) => plan.taskId === number);
    if (connector === undefined || task === undefined)
      throw new RestError(404, `No status found for task ${name}-${number}`);
    return taskStatusBody(task, identity(), statuses.taskElsewhere(connector, number));
  });
  app.json('GET', '/connectors/:connector/topics', (request) => {
    const name = nameIn(request);
    return { [name]: { topics: statuses.topicsOf(name) } };
  });
  app.json('PUT', '/connectors/:connector/topics/reset', (request, reply) => {
    statuses.resetTopics(nameIn(request));
    reply.code(202);
  });
}

function expanded(
  connector: ManagedConnector,
  parts: readonly string[],
  identity: WorkerIdentity,
  others: Elsewhere,
) {
  return {
    ...(parts.includes('status') ? { status: statusBody(connector, identity, others) } : {}),
    ...(parts.includes('info') ? { info: infoBody(connector) } : {}),
  };
}
