import type { FastifyRequest } from 'fastify';
import { parseExactJson } from '../values/exact-json.ts';
import { RestError } from './rest-error.ts';

/** Kafka takes no larger message by default, and what is sent here becomes one. */
export const MAX_BODY_BYTES = 1024 * 1024;

const MEDIA_TYPE = /^\s*application\/json\s*(;|$)/i;

/**
 * The JSON object that a request sends. Numbers that JavaScript spells differently are raw JSON, see
 * {@link parseExactJson}.
 *
 * @throws RestError 415 when its type is not JSON, 400 when it is not a JSON object; neither repeats what was sent,
 *   which may hold secrets
 */
export function jsonObject({ headers, body }: FastifyRequest): Record<string, unknown> {
  if (!MEDIA_TYPE.test(headers['content-type'] ?? '')) throw new RestError(415);
  const value = parsed(body as Buffer | undefined);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw notAnObject(value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`);
}

function parsed(body: Buffer = Buffer.alloc(0)): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw notAnObject('bytes that are not UTF-8');
  }
  if (text.trim() === '') throw notAnObject('nothing');
  try {
    return parseExactJson(text);
  } catch (error) {
    const [where] = /at position \d+/.exec((error as Error).message) ?? [];
    throw notAnObject(`what is not JSON${where === undefined ? '' : ` (${where})`}`);
  }
}

function notAnObject(got: string): RestError {
  return new RestError(400, `expected a JSON object as body, got ${got}`);
}
