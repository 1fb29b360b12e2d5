import type { Plugin } from '../../plugin/plugin.ts';
import {
  CONNECTOR_OPTIONS,
  STAGE_OPTIONS,
  TOPIC_GROUP_OPTIONS,
  TOPIC_OPTIONS,
  TYPE_OPTIONS,
} from '../define/connector-definition.ts';
import { type LabelledKeys, objectSchema } from './object-schema.ts';
import { DRAFT, type JsonSchema, type KeySchema, keySchemas, SCALAR } from './option-schema.ts';

/** A plugin under the name that a feed uses. */
export interface NamedPlugin {
  readonly name: string;
  readonly plugin: Plugin;
}

/** The JSON Schema of a feed's file, with the options of these plugins. */
export function feedSchema(plugins: readonly NamedPlugin[]): JsonSchema {
  const of = (...kinds: Plugin['kind'][]) => plugins.filter(({ plugin }) => kinds.includes(plugin.kind));
  const feed = {
    ...objectSchema({ keys: keysOf(of('source'), of('converter')), labelled: labelledKeys(of) }),
    required: ['name'],
    allOf: of('source').map((source) => onlyItsOwn(source, of('source'))),
  };
  const reference = { $ref: '#/definitions/feed' };
  // As Kafka Connect's REST API takes it, and its standalone worker as a file.
  const wrapped = { properties: { name: SCALAR, config: reference }, additionalProperties: false };
  return {
    $schema: DRAFT,
    title: 'A feed of Headrace',
    definitions: { feed },
    if: { type: 'object', properties: { config: { type: 'object' } }, required: ['config'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema has this keyword
    then: wrapped,
    else: reference,
  };
}

function keysOf(sources: readonly NamedPlugin[], converters: readonly NamedPlugin[]): KeySchema[] {
  const ofConverters = ['key.converter', 'value.converter'].flatMap((prefix) =>
    optionsOf(converters).map((one) => ({ ...one, key: `${prefix}.${one.key}` })),
  );
  const naming = [
    ['connector.class', sources],
    ['key.converter', converters],
    ['value.converter', converters],
  ] as const;
  const own = naming.reduce<readonly KeySchema[]>(
    (keys, [key, plugins]) => suggesting(keys, key, plugins),
    keySchemas(CONNECTOR_OPTIONS),
  );
  return [...own, ...optionsOf(sources), ...ofConverters];
}

function labelledKeys(of: (...kinds: Plugin['kind'][]) => NamedPlugin[]): LabelledKeys[] {
  const stages = of('parser', 'transformation');
  const predicates = of('predicate');
  return [
    {
      prefix: 'transforms',
      keys: [...suggesting(keySchemas(STAGE_OPTIONS), 'type', stages), ...optionsOf(stages)],
    },
    {
      prefix: 'predicates',
      keys: [...suggesting(keySchemas(TYPE_OPTIONS), 'type', predicates), ...optionsOf(predicates)],
    },
    {
      prefix: 'topic.creation',
      keys: [...keySchemas(TOPIC_OPTIONS), ...keySchemas(TOPIC_GROUP_OPTIONS)],
      isOpen: true,
    },
  ];
}

/** The options of all of them, each told of which plugin it is. */
function optionsOf(plugins: readonly NamedPlugin[]): KeySchema[] {
  return plugins.flatMap(({ name, plugin }) =>
    keySchemas(plugin.config).map((one) => ({
      ...one,
      schema: { ...one.schema, description: `${name}: ${one.schema.description}` },
    })),
  );
}

/** Offers the names of plugins as values of an option; others are right too, as they may come from a package. */
function suggesting(
  keys: readonly KeySchema[],
  key: string,
  plugins: readonly NamedPlugin[],
): readonly KeySchema[] {
  const names = plugins.map(({ name, plugin }) => ({ const: name, description: plugin.doc }));
  return keys.map((one) => {
    if (one.key !== key) return one;
    const { description } = one.schema;
    return { ...one, schema: { description, anyOf: [...names, SCALAR] } };
  });
}

/** A connector has no options of the others, and must have those that it requires. */
function onlyItsOwn({ name, plugin }: NamedPlugin, sources: readonly NamedPlugin[]): JsonSchema {
  const own = keySchemas(plugin.config);
  const known = new Set([...own, ...keySchemas(CONNECTOR_OPTIONS)].map(({ key }) => key));
  const others = sources.flatMap((source) => keySchemas(source.plugin.config)).map(({ key }) => key);
  const foreign = [...new Set(others)].filter((key) => !known.has(key));
  const required = own
    .filter(({ isRequired }) => isRequired)
    .map(({ key }) => ({ anyOf: orIndented(key).map((one) => ({ required: [one] })) }));
  return {
    if: { properties: { 'connector.class': { const: name } }, required: ['connector.class'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema has this keyword
    then: {
      properties: Object.fromEntries(foreign.map((key) => [key, false])),
      ...(required.length > 0 && { allOf: required }),
    },
  };
}

/** The key, or what it may stand indented below. Editors say that the first is missing. */
function orIndented(key: string): string[] {
  const parts = key.split('.');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
}
