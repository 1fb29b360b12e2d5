import type { FastifyRequest } from 'fastify';
import { createRequest } from './config-request.ts';
import { jsonObject } from './json-body.ts';
import { nameIn } from './named-connector.ts';
import type { JsonHandler } from './rest-app.ts';
import type { WorkerState } from './routes.ts';

/**
 * The handler of a change that is the leader's of the group, where there is one: in another worker it is sent on to that
 * one. A connector that this worker has in a file is its own.
 */
export function byLeader({ forwarding, health, herder }: WorkerState, handler: JsonHandler): JsonHandler {
  if (forwarding === null) return handler;
  return async (request, reply) => {
    const file = herder.connectors.get(nameOf(request))?.file ?? null;
    if (file !== null) return handler(request, reply);
    health.requireStarted();
    return (await forwarding.isNeeded(request))
      ? forwarding.toLeader(request, reply)
      : handler(request, reply);
  };
}

/** One that is new is named by the body. */
function nameOf(request: FastifyRequest): string {
  return nameIn(request) ?? createRequest(jsonObject(request)).name;
}
