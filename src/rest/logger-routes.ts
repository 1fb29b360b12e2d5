import type { FastifyRequest } from 'fastify';
import type { LoggerLevel } from '../offsets/logger-level.ts';
import type { RuntimeEvent } from '../runtime/events/events.ts';
import type { LoggerState, WorkerLog } from '../runtime/events/worker-log.ts';
import { inLeader, type LeaderParts } from './by-leader.ts';
import { jsonObject } from './json-body.ts';
import type { RestApp } from './rest-app.ts';
import { RestError } from './rest-error.ts';

export type Loggers = Pick<WorkerLog, 'states' | 'setLevel'>;

/** Kafka Connect's levels, and pino's that do the same. */
const LEVELS: Readonly<Record<string, string>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'fatal',
  OFF: 'silent',
};

/** How a level is told to all workers of a group. */
export interface GroupLevels extends LeaderParts {
  /** Has each of them set it; only where this worker leads. */
  readonly set: (level: LoggerLevel) => Promise<void>;
}

/** Kafka Connect's `/admin/loggers`. @param group null where the worker has none */
export function addLoggerRoutes(app: RestApp, loggers: Loggers, group: GroupLevels | null = null): void {
  app.json('GET', '/admin/loggers', () =>
    Object.fromEntries([...loggers.states()].map(([name, state]) => [name, stateBody(state)])),
  );
  app.json('GET', '/admin/loggers/:logger', (request) => {
    const name = nameOf(request);
    const state = loggers.states().get(name);
    if (state === undefined) throw new RestError(404, `Logger ${name} not found.`);
    return stateBody(state);
  });
  const setInGroup =
    group === null
      ? null
      : inLeader(group, async (request) => group.set({ logger: nameOf(request), level: levelIn(request) }));
  app.json('PUT', '/admin/loggers/:logger', (request, reply) => {
    const level = levelIn(request);
    const { scope } = request.query as { scope?: string };
    const isOfGroup = scope?.toLowerCase() === 'cluster';
    if (isOfGroup && setInGroup !== null) return setInGroup(request, reply);
    const changed = loggers.setLevel(nameOf(request), LEVELS[level] as string);
    return isOfGroup ? undefined : changed;
  });
}

/** Sets what the group is told; what is no level is passed over. */
export function groupLevels(loggers: Pick<Loggers, 'setLevel'>): { apply(event: RuntimeEvent): void } {
  return {
    apply: (event) => {
      if (event.type === 'logger.level' && Object.hasOwn(LEVELS, event.level))
        loggers.setLevel(event.logger, LEVELS[event.level] as string);
    },
  };
}

/** Kafka Connect's name of a level. @throws RestError 400 or 404 */
function levelIn(request: FastifyRequest): string {
  const { level } = jsonObject(request);
  if (level === undefined || level === null)
    throw new RestError(400, "Desired 'level' parameter was not specified in request.");
  const wanted = typeof level === 'string' ? level.toUpperCase() : '';
  if (!Object.hasOwn(LEVELS, wanted)) throw new RestError(404, `invalid log level '${level}'.`);
  return wanted;
}

function nameOf({ params }: FastifyRequest): string {
  return (params as { logger: string }).logger;
}

function stateBody({ level, modifiedMs }: LoggerState) {
  const name = Object.keys(LEVELS).find((known) => LEVELS[known] === level);
  return { level: name, last_modified: modifiedMs };
}
