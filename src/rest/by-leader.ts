import type { FastifyRequest } from 'fastify';
import { createRequest } from './config-request.ts';
import type { Forwarding, SentBody } from './group/forwarding.ts';
import { jsonObject } from './json-body.ts';
import { nameIn } from './named-connector.ts';
import type { JsonHandler } from './rest-app.ts';
import type { WorkerState } from './routes.ts';
import type { WorkerHealth } from './worker-health.ts';

/**
 * The handler of a change that is the leader's of the group, where there is one: in another worker it is sent on to that
 * one. A connector that this worker has in a file is its own.
 *
 * @param sent what is sent on in place of what came
 */
export function byLeader(state: WorkerState, handler: JsonHandler, sent?: SentBody): JsonHandler {
  const { forwarding, herder } = state;
  if (forwarding === null) return handler;
  const leading = inLeader({ ...state, forwarding }, handler, sent);
  return (request, reply) => {
    const file = herder.connectors.get(nameOf(request))?.file ?? null;
    return file === null ? leading(request, reply) : handler(request, reply);
  };
}

export interface LeaderParts {
  readonly forwarding: Forwarding;
  readonly health: Pick<WorkerHealth, 'requireStarted'>;
}

/** The handler of a change that is the leader's of the group, whatever it is about. */
export function inLeader(
  { forwarding, health }: LeaderParts,
  handler: JsonHandler,
  sent?: SentBody,
): JsonHandler {
  return async (request, reply) => {
    health.requireStarted();
    return (await forwarding.isNeeded(request))
      ? forwarding.toLeader(request, reply, sent)
      : handler(request, reply);
  };
}

/** One that is new is named by the body. */
function nameOf(request: FastifyRequest): string {
  return nameIn(request) ?? createRequest(jsonObject(request)).name;
}
