import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeadraceError } from '../errors.ts';
import type { TargetState } from '../offsets/stored-connectors.ts';
import type { ManagedConnector } from '../runtime/worker/managed-connector.ts';
import { byLeader } from './by-leader.ts';
import {
  type ConfigMap,
  createRequest,
  type InitialState,
  namedConfig,
  patchedConfig,
} from './config-request.ts';
import { infoBody, type Restarting, statusBody } from './connector-bodies.ts';
import { jsonObject } from './json-body.ts';
import { MISSING, namedConnector, nameIn, taskIn } from './named-connector.ts';
import { invalidConfigMessage } from './plugins/config-errors.ts';
import { goodFeed } from './plugins/feed-check.ts';
import type { RestApp } from './rest-app.ts';
import { RestError } from './rest-error.ts';
import type { WorkerState } from './routes.ts';

/** What makes connectors, changes and ends them. */
export function addChangeRoutes(app: RestApp, state: WorkerState): void {
  addConfigRoutes(app, state);
  addTargetRoutes(app, state);
  addRestartRoutes(app, state);
}

/** Adds routes as the app does; what they change is the leader's to change where there is a group. */
function changing(app: RestApp, state: WorkerState): RestApp['json'] {
  return (method, path, handler, options) => app.json(method, path, byLeader(state, handler), options);
}

function addConfigRoutes(app: RestApp, state: WorkerState): void {
  const { herder, health } = state;
  const json = changing(app, state);
  json('POST', '/connectors', (request, reply) => {
    const { config, initialState } = createRequest(jsonObject(request));
    return putConfig(state, {
      config,
      request,
      reply,
      mustBeNew: true,
      target: TARGETS[initialState ?? 'RUNNING'],
    });
  });
  json('PUT', '/connectors/:connector/config', (request, reply) => {
    const config = namedConfig(jsonObject(request), nameIn(request));
    return putConfig(state, { config, request, reply, mustBeNew: false });
  });
  json('PATCH', '/connectors/:connector/config', (request, reply) => {
    const { config: before } = namedConnector(herder, request);
    const config = namedConfig(patchedConfig(before.raw, jsonObject(request)), before.name);
    return putConfig(state, { config, request, reply, mustBeNew: false });
  });
  json('DELETE', '/connectors/:connector', async (request) => {
    health.requireStarted();
    const connector = namedConnector(herder, request);
    requireNoFile(connector);
    await herder.remove(connector.config.name);
  });
}

interface PutRequest {
  readonly config: ConfigMap;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly mustBeNew: boolean;
  readonly target?: TargetState | undefined;
}

async function putConfig({ herder, health, worker }: WorkerState, put: PutRequest): Promise<unknown> {
  const { config, request, reply, mustBeNew, target = 'STARTED' } = put;
  health.requireStarted();
  const name = config.name ?? '';
  const former = herder.connectors.get(name);
  if (!mustBeNew) requireNoFile(former);
  request.waitingFor = `the plugins of ${name}, which look at its configuration`;
  const wanted = former === undefined ? config : unmasked(config, former.config);
  const feed = await goodFeed(wanted, worker);
  request.waitingFor = `Kafka, to keep the configuration of ${name}`;
  const outcome = await herder.put(feed, { file: null, target, mustBeNew }).catch(refused);
  if (outcome === 'exists') throw new RestError(409, `Connector ${name} already exists`);
  if (outcome === 'created') {
    const location = `${request.protocol}://${request.host}/connectors/${encodeURIComponent(name)}`;
    reply.code(201).header('location', location);
  }
  return infoBody(herder.connectors.get(name) as ManagedConnector);
}

const TARGETS: Readonly<Record<InitialState, TargetState>> = {
  RUNNING: 'STARTED',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
};

function addTargetRoutes(app: RestApp, state: WorkerState): void {
  const { herder, health } = state;
  const json = changing(app, state);
  const commands: readonly [string, TargetState, number][] = [
    ['pause', 'PAUSED', 202],
    ['resume', 'STARTED', 202],
    ['stop', 'STOPPED', 204],
  ];
  for (const [command, target, code] of commands) {
    json('PUT', `/connectors/:connector/${command}`, async (request, reply) => {
      health.requireStarted();
      const { config } = namedConnector(herder, request, MISSING.target);
      request.waitingFor = `Kafka, to keep that ${config.name} is to be ${target}`;
      await herder.setTarget(config.name, target);
      reply.code(code);
    });
  }
}

function addRestartRoutes(app: RestApp, state: WorkerState): void {
  const { herder, health, identity, statuses } = state;
  const json = changing(app, state);
  json('POST', '/connectors/:connector/restart', async (request, reply) => {
    health.requireStarted();
    const connector = namedConnector(herder, request, MISSING.restart);
    const query = request.query as Record<string, unknown>;
    const includesTasks = query.includeTasks === 'true';
    const onlyFailed = query.onlyFailed === 'true';
    const restarting = restartOf(connector, includesTasks, onlyFailed);
    const status = statusBody(connector, identity(), statuses, restarting);
    await herder.restart(connector.config.name, { includesTasks, onlyFailed, tasks: null });
    if (!includesTasks && !onlyFailed) return undefined;
    reply.code(202);
    return status;
  });
  json('POST', '/connectors/:connector/tasks/:task(^\\d+$)/restart', async (request) => {
    health.requireStarted();
    const { config, tasks } = namedConnector(herder, request, MISSING.restart);
    const number = taskIn(request);
    if (!tasks.some(({ plan }) => plan.taskId === number))
      throw new RestError(404, `Unknown task: ${config.name}-${number}`);
    await herder.restart(config.name, { includesTasks: false, onlyFailed: false, tasks: [number] });
  });
}

function restartOf({ error }: ManagedConnector, includesTasks: boolean, onlyFailed: boolean): Restarting {
  return {
    connector: (includesTasks || onlyFailed) && (!onlyFailed || error !== null),
    tasks: (_task, state) => includesTasks && (!onlyFailed || state === 'FAILED'),
  };
}

/** Mistakes of the client's are its answer. */
function refused(error: unknown): never {
  if (error instanceof HeadraceError && (error.code === 'CONFIG_INVALID' || error.code === 'PLUGIN_INVALID'))
    throw new RestError(400, invalidConfigMessage(error.message.split('\n')));
  throw error;
}

/** Who gave a configuration owns it: a worker that starts again would go by the file. */
function requireNoFile(connector: ManagedConnector | undefined): void {
  const file = connector?.file ?? null;
  if (connector === undefined || file === null) return;
  const { name } = connector.config;
  throw new RestError(
    409,
    `Connector ${name} has its configuration in the file ${file}; change that instead`,
  );
}

/** A client sends back what it was shown: what is hidden there stays as it was. */
function unmasked(config: ConfigMap, { raw, sensitiveKeys }: ManagedConnector['config']): ConfigMap {
  const map: Record<string, string> = Object.create(null);
  for (const [key, text] of Object.entries(config)) {
    const isHidden = text === '[hidden]' && sensitiveKeys.includes(key);
    map[key] = isHidden ? (raw[key] ?? text) : text;
  }
  return map;
}
