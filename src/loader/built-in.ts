import type { Plugin } from '../plugin/index.ts';

export type PluginKind = Plugin['kind'];

/** Imports the module of a plugin; the plugin is its default export. */
type ImportPlugin = () => Promise<{ readonly default: unknown }>;

/** The plugins that come with Headrace, by kind and name. */
const BUILT_IN: Readonly<Record<PluginKind, Readonly<Record<string, ImportPlugin>>>> = {
  source: {
    local: () => import('../../connectors/local/index.ts'),
    directory: () => import('../../connectors/directory/index.ts'),
  },
  parser: { csv: () => import('../../transforms/parse-csv/index.ts') },
  transformation: {
    schema: () => import('../../transforms/validate/index.ts'),
    route: () => import('../../transforms/route/index.ts'),
    lookup: () => import('../../transforms/lookup/index.ts'),
    constants: () => import('../../transforms/constants/index.ts'),
    source: () => import('../../transforms/source/index.ts'),
    sequence: () => import('../../transforms/sequence/index.ts'),
  },
  predicate: {},
  converter: {
    avro: () => import('../converters/avro.ts'),
    bytes: () => import('../converters/bytes.ts'),
    json: () => import('../converters/json.ts'),
    'json-schema': () => import('../converters/json-schema.ts'),
    string: () => import('../converters/string.ts'),
  },
};

/** Kafka Connect's own, by the names of their classes. */
const CONNECT: Readonly<Partial<Record<PluginKind, ConnectClasses>>> = {
  transformation: {
    package: 'org.apache.kafka.connect.transforms.',
    modules: {
      Cast$Key: () => import('../../transforms/cast/key.ts'),
      Cast$Value: () => import('../../transforms/cast/index.ts'),
      DropHeaders: () => import('../../transforms/drop-headers/index.ts'),
      ExtractField$Key: () => import('../../transforms/extract-field/key.ts'),
      ExtractField$Value: () => import('../../transforms/extract-field/index.ts'),
      Filter: () => import('../../transforms/filter/index.ts'),
      Flatten$Key: () => import('../../transforms/flatten/key.ts'),
      Flatten$Value: () => import('../../transforms/flatten/index.ts'),
      HeaderFrom$Key: () => import('../../transforms/header-from/key.ts'),
      HeaderFrom$Value: () => import('../../transforms/header-from/index.ts'),
      HoistField$Key: () => import('../../transforms/hoist-field/key.ts'),
      HoistField$Value: () => import('../../transforms/hoist-field/index.ts'),
      InsertField$Key: () => import('../../transforms/insert-field/key.ts'),
      InsertField$Value: () => import('../../transforms/insert-field/index.ts'),
      InsertHeader: () => import('../../transforms/insert-header/index.ts'),
      MaskField$Key: () => import('../../transforms/mask-field/key.ts'),
      MaskField$Value: () => import('../../transforms/mask-field/index.ts'),
      RegexRouter: () => import('../../transforms/regex-router/index.ts'),
      ReplaceField$Key: () => import('../../transforms/replace-field/key.ts'),
      ReplaceField$Value: () => import('../../transforms/replace-field/index.ts'),
      SetSchemaMetadata$Key: () => import('../../transforms/set-schema-metadata/key.ts'),
      SetSchemaMetadata$Value: () => import('../../transforms/set-schema-metadata/index.ts'),
      TimestampConverter$Key: () => import('../../transforms/timestamp-converter/key.ts'),
      TimestampConverter$Value: () => import('../../transforms/timestamp-converter/index.ts'),
      TimestampRouter: () => import('../../transforms/timestamp-router/index.ts'),
      ValueToKey: () => import('../../transforms/value-to-key/index.ts'),
    },
  },
  predicate: {
    package: 'org.apache.kafka.connect.transforms.predicates.',
    modules: {
      HasHeaderKey: () => import('../../transforms/has-header-key/index.ts'),
      RecordIsTombstone: () => import('../../transforms/record-is-tombstone/index.ts'),
      TopicNameMatches: () => import('../../transforms/topic-name-matches/index.ts'),
    },
  },
};

interface ConnectClasses {
  /** May stand before their names, as in Connect. */
  readonly package: string;
  readonly modules: Readonly<Record<string, ImportPlugin>>;
}

/** Imports a built-in plugin; null when there is none of that kind and name. */
export function builtInPlugin(kind: PluginKind, name: string): ImportPlugin | null {
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
