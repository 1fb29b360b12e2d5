import type { FastifyRequest } from 'fastify';
import type { LoggerState, WorkerLog } from '../runtime/events/worker-log.ts';
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

/** Kafka Connect's `/admin/loggers`. */
export function addLoggerRoutes(app: RestApp, loggers: Loggers): void {
  app.json('GET', '/admin/loggers', () =>
    Object.fromEntries([...loggers.states()].map(([name, state]) => [name, stateBody(state)])),
  );
  app.json('GET', '/admin/loggers/:logger', (request) => {
    const name = nameOf(request);
    const state = loggers.states().get(name);
    if (state === undefined) throw new RestError(404, `Logger ${name} not found.`);
    return stateBody(state);
  });
  app.json('PUT', '/admin/loggers/:logger', (request) => {
    const { level } = jsonObject(request);
    if (level === undefined || level === null) {
      throw new RestError(400, "Desired 'level' parameter was not specified in request.");
    }
    const wanted = typeof level === 'string' ? level.toUpperCase() : '';
    if (!Object.hasOwn(LEVELS, wanted)) throw new RestError(404, `invalid log level '${level}'.`);
    const changed = loggers.setLevel(nameOf(request), LEVELS[wanted] as string);
    const { scope } = request.query as { scope?: string };
    // A cluster's workers are told without being waited for: there is nothing to say.
    return scope?.toLowerCase() === 'cluster' ? undefined : changed;
  });
}

function nameOf({ params }: FastifyRequest): string {
  return (params as { logger: string }).logger;
}

function stateBody({ level, modifiedMs }: LoggerState) {
  const name = Object.keys(LEVELS).find((known) => LEVELS[known] === level);
  return { level: name, last_modified: modifiedMs };
}
