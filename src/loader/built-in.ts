import { ownModule } from '../own-modules.ts';
import type { Plugin } from '../plugin/index.ts';

export type PluginKind = Plugin['kind'];

/** The modules of the plugins that come with Headrace, by kind and name, as `ownModule` takes them. */
const BUILT_IN: Readonly<Record<PluginKind, Readonly<Record<string, string>>>> = {
  source: {
    local: 'connectors/local/index',
    directory: 'connectors/directory/index',
  },
  parser: { csv: 'transforms/parse-csv/index' },
  transformation: {
    schema: 'transforms/validate/index',
    route: 'transforms/route/index',
    lookup: 'transforms/lookup/index',
    constants: 'transforms/constants/index',
    source: 'transforms/source/index',
    sequence: 'transforms/sequence/index',
  },
  predicate: {},
  converter: {
    avro: 'src/converters/avro',
    bytes: 'src/converters/bytes',
    json: 'src/converters/json',
    'json-schema': 'src/converters/json-schema',
    string: 'src/converters/string',
  },
};

/** Kafka Connect's own, by the names of their classes. */
const CONNECT: Readonly<Partial<Record<PluginKind, ConnectClasses>>> = {
  transformation: {
    package: 'org.apache.kafka.connect.transforms.',
    modules: {
      Cast$Key: 'transforms/cast/key',
      Cast$Value: 'transforms/cast/index',
      DropHeaders: 'transforms/drop-headers/index',
      ExtractField$Key: 'transforms/extract-field/key',
      ExtractField$Value: 'transforms/extract-field/index',
      Filter: 'transforms/filter/index',
      Flatten$Key: 'transforms/flatten/key',
      Flatten$Value: 'transforms/flatten/index',
      HeaderFrom$Key: 'transforms/header-from/key',
      HeaderFrom$Value: 'transforms/header-from/index',
      HoistField$Key: 'transforms/hoist-field/key',
      HoistField$Value: 'transforms/hoist-field/index',
      InsertField$Key: 'transforms/insert-field/key',
      InsertField$Value: 'transforms/insert-field/index',
      InsertHeader: 'transforms/insert-header/index',
      MaskField$Key: 'transforms/mask-field/key',
      MaskField$Value: 'transforms/mask-field/index',
      RegexRouter: 'transforms/regex-router/index',
      ReplaceField$Key: 'transforms/replace-field/key',
      ReplaceField$Value: 'transforms/replace-field/index',
      SetSchemaMetadata$Key: 'transforms/set-schema-metadata/key',
      SetSchemaMetadata$Value: 'transforms/set-schema-metadata/index',
      TimestampConverter$Key: 'transforms/timestamp-converter/key',
      TimestampConverter$Value: 'transforms/timestamp-converter/index',
      TimestampRouter: 'transforms/timestamp-router/index',
      ValueToKey: 'transforms/value-to-key/index',
    },
  },
  predicate: {
    package: 'org.apache.kafka.connect.transforms.predicates.',
    modules: {
      HasHeaderKey: 'transforms/has-header-key/index',
      RecordIsTombstone: 'transforms/record-is-tombstone/index',
      TopicNameMatches: 'transforms/topic-name-matches/index',
    },
  },
};

interface ConnectClasses {
  /** May stand before their names, as in Connect. */
  readonly package: string;
  readonly modules: Readonly<Record<string, string>>;
}

/** The module of a built-in plugin, or null. */
export function builtInModule(kind: PluginKind, name: string): URL | null {
  const path = ownEntry(BUILT_IN[kind], name) ?? connectModule(kind, name);
  return path === null ? null : ownModule(path);
}

function connectModule(kind: PluginKind, name: string): string | null {
  const classes = CONNECT[kind];
  if (classes === undefined) return null;
  const short = name.startsWith(classes.package) ? name.slice(classes.package.length) : name;
  return ownEntry(classes.modules, short);
}

function ownEntry(modules: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(modules, name) ? (modules[name] as string) : null;
}

/** The built-in plugins' names, in order; those of Kafka Connect last. */
export function builtInNames(kind: PluginKind): string[] {
  return [...Object.keys(BUILT_IN[kind]).sort(), ...connectNames(kind)];
}

/** The names of the classes of Kafka Connect that are built in, without their package. */
export function connectNames(kind: PluginKind): string[] {
  return Object.keys(CONNECT[kind]?.modules ?? {}).sort();
}
