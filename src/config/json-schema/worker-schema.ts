import { CONNECT_WORKER_KEYS } from '../define/connect-worker-keys.ts';
import { WORKER_OPTIONS } from '../define/worker-definition.ts';
import { objectSchema } from './object-schema.ts';
import { DRAFT, type JsonSchema, type KeySchema, keySchemas, SCALAR } from './option-schema.ts';

/** The JSON Schema of a worker's file. */
export function workerSchema(): JsonSchema {
  const own = keySchemas(WORKER_OPTIONS);
  const known = new Set(own.map(({ key }) => key));
  const foreign = [...CONNECT_WORKER_KEYS].flatMap(([key, why]) =>
    known.has(key) ? [] : [meaningless(key, why)],
  );
  return {
    $schema: DRAFT,
    title: 'A worker of Headrace',
    ...objectSchema({ keys: [...own, ...foreign, ...OPEN] }),
  };
}

/** What stands below them is of a converter, or of a store of secrets. */
const OPEN: readonly KeySchema[] = ['key.converter', 'value.converter', 'config.providers'].map((key) => ({
  key,
  isMap: true,
  isRequired: false,
  schema: SCALAR,
}));

/** A key of Kafka Connect's, with which a worker starts as it would without. */
function meaningless(key: string, why: string): KeySchema {
  const isMap = key.endsWith('.');
  const schema = { ...SCALAR, description: `Means nothing here: ${why}.`, deprecated: true };
  return { key: isMap ? key.slice(0, -1) : key, isMap, isRequired: false, schema };
}
