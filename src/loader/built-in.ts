import type { Plugin } from '../plugin/plugin.ts';

export type PluginKind = Plugin['kind'];

/** Imports the module of a plugin; the plugin is its default export. */
type ImportPlugin = () => Promise<{ readonly default: unknown }>;

/** The plugins that come with Headrace, by kind and name. */
const BUILT_IN: Readonly<Record<PluginKind, Readonly<Record<string, ImportPlugin>>>> = {
  source: {
    local: () => import('../../connectors/local/index.ts'),
    directory: () => import('../../connectors/directory/index.ts'),
    s3: () => import('../../connectors/s3/index.ts'),
    sftp: () => import('../../connectors/sftp/index.ts'),
    gcs: () => import('../../connectors/gcs/index.ts'),
    'azure-blob': () => import('../../connectors/azure-blob/index.ts'),
  },
  parser: {
    csv: () => import('../../transforms/csv/index.ts'),
    'fixed-width': () => import('../../transforms/fixed-width/index.ts'),
    jsonl: () => import('../../transforms/jsonl/index.ts'),
    lines: () => import('../../transforms/lines/index.ts'),
  },
  transformation: {
    schema: () => import('../../transforms/schema/index.ts'),
    route: () => import('../../transforms/route/index.ts'),
    lookup: () => import('../../transforms/lookup/index.ts'),
    constants: () => import('../../transforms/constants/index.ts'),
    source: () => import('../../transforms/source/index.ts'),
    select: () => import('../../transforms/select/index.ts'),
    set: () => import('../../transforms/set/index.ts'),
    split: () => import('../../transforms/split/index.ts'),
    unpivot: () => import('../../transforms/unpivot/index.ts'),
    sequence: () => import('../../transforms/sequence/index.ts'),
  },
  predicate: {
    field: () => import('../../transforms/field/index.ts'),
  },
  converter: {
    avro: () => import('../converters/avro/index.ts'),
    bytes: () => import('../converters/bytes.ts'),
    json: () => import('../converters/json/index.ts'),
    'json-schema': () => import('../converters/json-schema/index.ts'),
    string: () => import('../converters/string.ts'),
  },
};

/** Kafka Connect's own, by the names of their classes. */
const CONNECT: Readonly<Partial<Record<PluginKind, ConnectClasses>>> = {
  transformation: {
    package: 'org.apache.kafka.connect.transforms.',
    modules: {
      ...keyAndValue('Cast', () => import('../../transforms/connect/cast.ts')),
      DropHeaders: () => import('../../transforms/connect/drop-headers.ts'),
      ...keyAndValue('ExtractField', () => import('../../transforms/connect/extract-field.ts')),
      Filter: () => import('../../transforms/connect/filter.ts'),
      ...keyAndValue('Flatten', () => import('../../transforms/connect/flatten.ts')),
      ...keyAndValue('HeaderFrom', () => import('../../transforms/connect/header-from.ts')),
      ...keyAndValue('HoistField', () => import('../../transforms/connect/hoist-field.ts')),
      ...keyAndValue('InsertField', () => import('../../transforms/connect/insert-field.ts')),
      InsertHeader: () => import('../../transforms/connect/insert-header.ts'),
      ...keyAndValue('MaskField', () => import('../../transforms/connect/mask-field.ts')),
      RegexRouter: () => import('../../transforms/connect/regex-router.ts'),
      ...keyAndValue('ReplaceField', () => import('../../transforms/connect/replace-field.ts')),
      ...keyAndValue('SetSchemaMetadata', () => import('../../transforms/connect/set-schema-metadata.ts')),
      ...keyAndValue('TimestampConverter', () => import('../../transforms/connect/timestamp-converter.ts')),
      TimestampRouter: () => import('../../transforms/connect/timestamp-router.ts'),
      ValueToKey: () => import('../../transforms/connect/value-to-key.ts'),
    },
  },
  predicate: {
    package: 'org.apache.kafka.connect.transforms.predicates.',
    modules: {
      HasHeaderKey: () => import('../../transforms/connect/predicates/has-header-key.ts'),
      RecordIsTombstone: () => import('../../transforms/connect/predicates/record-is-tombstone.ts'),
      TopicNameMatches: () => import('../../transforms/connect/predicates/topic-name-matches.ts'),
    },
  },
};

/** Converters by the names of the classes that write the same. Connect's for JSON writes schemas unless told not to. */
const CONVERTER_CLASSES: Readonly<Record<string, ImportPlugin>> = {
  'org.apache.kafka.connect.json.JsonConverter': async () => {
    const { default: json } = await import('../converters/json/index.ts');
    const schemasEnable = { ...json.config.schemasEnable, default: true };
    return { default: { ...json, config: { ...json.config, schemasEnable } } };
  },
  'org.apache.kafka.connect.storage.StringConverter': () => import('../converters/string.ts'),
  'org.apache.kafka.connect.converters.ByteArrayConverter': () => import('../converters/bytes.ts'),
  'io.confluent.connect.avro.AvroConverter': () => import('../converters/avro/index.ts'),
  'io.confluent.connect.json.JsonSchemaConverter': () => import('../converters/json-schema/index.ts'),
};

/** The two classes of a module of Connect's, such as `Cast$Key` and `Cast$Value`. */
function keyAndValue(
  name: string,
  importBoth: () => Promise<{ readonly key: unknown; readonly value: unknown }>,
): Record<string, ImportPlugin> {
  return {
    [`${name}$Key`]: async () => ({ default: (await importBoth()).key }),
    [`${name}$Value`]: async () => ({ default: (await importBoth()).value }),
  };
}

interface ConnectClasses {
  /** May stand before their names, as in Connect. */
  readonly package: string;
  readonly modules: Readonly<Record<string, ImportPlugin>>;
}

/** Imports a built-in plugin; null when there is none of that kind and name. */
export function builtInPlugin(kind: PluginKind, name: string): ImportPlugin | null {
  if (kind === 'converter' && Object.hasOwn(CONVERTER_CLASSES, name)) return CONVERTER_CLASSES[name] ?? null;
  return ownEntry(BUILT_IN[kind], name) ?? connectPlugin(kind, name);
}

function connectPlugin(kind: PluginKind, name: string): ImportPlugin | null {
  const classes = CONNECT[kind];
  if (classes === undefined) return null;
  const short = name.startsWith(classes.package) ? name.slice(classes.package.length) : name;
  return ownEntry(classes.modules, short);
}

function ownEntry(modules: Readonly<Record<string, ImportPlugin>>, name: string): ImportPlugin | null {
  return Object.hasOwn(modules, name) ? (modules[name] as ImportPlugin) : null;
}

/** The built-in plugins' names, in order; those of Kafka Connect last. */
export function builtInNames(kind: PluginKind): string[] {
  return [...Object.keys(BUILT_IN[kind]).sort(), ...connectNames(kind)];
}

/** The names of the classes of Kafka Connect that are built in, without their package. */
export function connectNames(kind: PluginKind): string[] {
  return Object.keys(CONNECT[kind]?.modules ?? {}).sort();
}

/** The name of the class of Kafka Connect that a built-in plugin stands for, with its package; null when it is none. */
export function connectClass(kind: PluginKind, name: string): string | null {
  const classes = CONNECT[kind];
  if (classes === undefined || connectPlugin(kind, name) === null) return null;
  return name.startsWith(classes.package) ? name : classes.package + name;
}
