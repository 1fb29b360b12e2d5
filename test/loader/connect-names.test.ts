import { describe, expect, it } from 'vitest';
import { builtInPlugin, connectNames } from '../../src/loader/built-in.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';

const TRANSFORMS = 'org.apache.kafka.connect.transforms.';
const PREDICATES = `${TRANSFORMS}predicates.`;

describe('a class of Kafka Connect', () => {
  it.each(connectNames('transformation'))('has its name with and without the package: %s', (name) => {
    expect(builtInPlugin('transformation', name)).not.toBeNull();
    expect(builtInPlugin('transformation', TRANSFORMS + name)).toBe(builtInPlugin('transformation', name));
  });

  it.each(connectNames('predicate'))('has its name with and without the package: %s', (name) => {
    expect(builtInPlugin('predicate', name)).not.toBeNull();
    expect(builtInPlugin('predicate', PREDICATES + name)).toBe(builtInPlugin('predicate', name));
  });

  it.each([
    ['transformation', 'InsertField'],
    ['transformation', `${TRANSFORMS}route`],
    ['transformation', `${TRANSFORMS}${TRANSFORMS}Filter`],
    ['transformation', `${PREDICATES}HasHeaderKey`],
    ['predicate', `${TRANSFORMS}HasHeaderKey`],
    ['parser', 'Filter'],
  ] as const)('is no %s called %s', (kind, name) => {
    expect(builtInPlugin(kind, name)).toBeNull();
  });

  it.each([
    ['org.apache.kafka.connect.json.JsonConverter', 'json'],
    ['org.apache.kafka.connect.storage.StringConverter', 'string'],
    ['org.apache.kafka.connect.converters.ByteArrayConverter', 'bytes'],
    ['io.confluent.connect.avro.AvroConverter', 'avro'],
    ['io.confluent.connect.json.JsonSchemaConverter', 'json-schema'],
  ])('is a converter that writes the same: %s', async (name, ours) => {
    const converter = await createPluginLoader({ pluginPath: [] }).load('converter', name);
    expect(converter.name).toBe(ours);
  });

  it('for JSON writes schemas unless it is told not to', async () => {
    const loader = createPluginLoader({ pluginPath: [] });
    const defaults = ['org.apache.kafka.connect.json.JsonConverter', 'json'].map(
      async (name) => (await loader.load('converter', name)).config.schemasEnable?.default,
    );
    expect(await Promise.all(defaults)).toEqual([true, false]);
  });
});
