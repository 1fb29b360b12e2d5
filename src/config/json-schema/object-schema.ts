import { literalSource } from '../../values/literal-source.ts';
import { type JsonSchema, type KeySchema, NESTED } from './option-schema.ts';

/** A place of many names: `transforms.<label>.` */
export interface LabelledKeys {
  /** Without the dots around the label: `transforms`. */
  readonly prefix: string;
  readonly keys: readonly KeySchema[];
  /** Any other key below a label is right as well. */
  readonly isOpen?: true;
}

export interface ObjectKeys {
  readonly keys: readonly KeySchema[];
  readonly labelled?: readonly LabelledKeys[];
}

/** A key, or the pattern of keys, and what stands there. */
type Entry = readonly [key: string, schema: JsonSchema];

/** Below a map. */
const ANYTHING: JsonSchema = { type: ['string', 'number', 'boolean', 'array', 'object'] };

/**
 * The schema of a file of dotted keys, in which no others are right. Wherever a key has a dot, the rest may stand
 * indented below it: such maps are right, and not looked into.
 */
export function objectSchema({ keys, labelled = [] }: ObjectKeys): JsonSchema {
  const beginnings = labelled.flatMap(({ prefix }) => beginningsOf(`${prefix}.`));
  const patterns = labelled.flatMap((place) => labelledPatterns(place, keys));
  return {
    type: 'object',
    properties: Object.fromEntries(singleKeys(keys, beginnings)),
    patternProperties: Object.fromEntries([...mapPatterns(keys, ''), ...patterns]),
    additionalProperties: false,
  };
}

/** @param beside keys whose labels are none: `topic.creation.groups` is no group */
function labelledPatterns({ prefix, keys, isOpen }: LabelledKeys, beside: readonly KeySchema[]): Entry[] {
  const taken = beside
    .filter(({ key }) => key.startsWith(`${prefix}.`))
    .map(({ key }) => key.slice(prefix.length + 1));
  const free = taken.map((name) => `(?!${literalSource(name)}$)`).join('');
  const place = `${literalSource(prefix)}\\.${free}[^.]+`;
  return [
    [`^${place}$`, NESTED],
    ...singleKeys(keys).map(([key, schema]): Entry => [`^${place}\\.${literalSource(key)}$`, schema]),
    ...mapPatterns(keys, `${place}\\.`),
    ...(isOpen ? [[`^${place}\\..+$`, ANYTHING] as const] : []),
  ];
}

/** Keys that are whole, and what others may stand indented below. */
function singleKeys(keys: readonly KeySchema[], beginnings: readonly string[] = []): Entry[] {
  const nested = new Set([
    ...beginnings,
    ...keys.flatMap(({ key, isMap }) => beginningsOf(isMap ? `${key}.` : key)),
  ]);
  const single = Map.groupBy(
    keys.filter(({ isMap }) => !isMap),
    ({ key }) => key,
  );
  return [
    ...[...nested].filter((key) => !single.has(key)).map((key): Entry => [key, NESTED]),
    ...[...single].map(([key, same]): Entry => [key, nested.has(key) ? orNested(anyOf(same)) : anyOf(same)]),
  ];
}

/** Of a map every key below it has the description. */
function mapPatterns(keys: readonly KeySchema[], place: string): Entry[] {
  const maps = Map.groupBy(
    keys.filter(({ isMap }) => isMap),
    ({ key }) => key,
  );
  return [...maps].map(([key, same]) => {
    const { description } = anyOf(same);
    return [`^${place}${literalSource(key)}\\..+$`, { description, ...ANYTHING }];
  });
}

/** Options of several plugins that have one name. */
function anyOf(same: readonly KeySchema[]): JsonSchema {
  const kinds = [...new Map(same.map(({ schema }) => [JSON.stringify(schema), schema])).values()];
  if (kinds.length === 1) return kinds[0] as JsonSchema;
  const description = [...new Set(kinds.map((kind) => kind.description))].join('\n\n');
  return { description, anyOf: kinds.map(({ description: _, ...kind }) => kind) };
}

function orNested({ description, ...schema }: JsonSchema): JsonSchema {
  return { description, anyOf: [schema, NESTED] };
}

/** What a key may stand indented below: `a.b` and `a` of `a.b.c`. */
function beginningsOf(key: string): string[] {
  const parts = key.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}
