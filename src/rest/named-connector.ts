import type { FastifyRequest } from 'fastify';
import type { Herder } from '../runtime/worker/herder.ts';
import type { ManagedConnector } from '../runtime/worker/managed-connector.ts';
import { RestError } from './rest-error.ts';

/** Kafka Connect has four wordings for a connector that is not there. */
export const MISSING = {
  found: (name: string) => `Connector ${name} not found`,
  status: (name: string) => `No status found for connector ${name}`,
  target: (name: string) => `Unknown connector ${name}`,
  restart: (name: string) => `Unknown connector: ${name}`,
};

export function nameIn(request: FastifyRequest): string {
  return (request.params as { connector: string }).connector;
}

/**
 * The connector that a request's path names.
 *
 * @throws RestError 404
 */
export function namedConnector(
  { connectors }: Pick<Herder, 'connectors'>,
  request: FastifyRequest,
  missing: (name: string) => string = MISSING.found,
): ManagedConnector {
  const name = nameIn(request);
  const connector = connectors.get(name);
  if (connector === undefined) throw new RestError(404, missing(name));
  return connector;
}

/** The number of a task that a path names. */
export function taskIn(request: FastifyRequest): number {
  return Number((request.params as { task: string }).task);
}
