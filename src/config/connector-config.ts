import type {
  ConfigValues,
  ConverterPlugin,
  OptionDefinition,
  SourceConnectorPlugin,
} from '../plugin/index.ts';
import { closestName } from '../values/closest-name.ts';
import {
  checkConnector,
  checkFields,
  checkHeaders,
  checkRoutes,
  checkSomeRoute,
} from './check/connector-rules.ts';
import { checkExpectedPattern } from './check/expected-pattern.ts';
import { withProducerKeys } from './check/producer-overrides.ts';
import { internalTopics } from './check/topic-rules.ts';
import { unknownKeys } from './check/unknown-keys.ts';
import { readConverter } from './connector-converter.ts';
import { ConnectorReader } from './connector-reader.ts';
import { readStages } from './connector-stages.ts';
import { readTopicCreation } from './connector-topics.ts';
import { CONNECTOR_OPTIONS } from './define/connector-definition.ts';
import type { ErrorLimit } from './define/error-limit.ts';
import { parseErrorLimit } from './define/error-limit.ts';
import { type HandOver, handOverOf, type Notify } from './define/hand-over.ts';
import type {
  ParserStage,
  PluginInstance,
  PluginSource,
  TransformationStage,
} from './define/plugin-instance.ts';
import type { TopicCreation } from './define/topic-creation.ts';
import type { ConfigEntries } from './read/config-entry.ts';
import { resolveEntries } from './read/config-providers.ts';
import type { Environment } from './read/environment.ts';
import { hideProvided } from './read/hidden-secrets.ts';
import type { Problem } from './read/problem.ts';
import { askStores } from './secrets/ask-stores.ts';
import type { WorkerConfig } from './worker-config.ts';

/** What a feed says of files whose headers differ. */
export interface HeaderRules {
  readonly policy: 'map' | 'fail' | 'quarantine';
  /** Those that each file must have; null: those of the file before it. */
  readonly columns: readonly string[] | null;
}

/** Which workers of a cluster may run a feed. */
export interface Placement {
  /** That they must have, as `placement` has them. */
  readonly labels: readonly string[];
  /** A file that they must see; null where none is asked for. */
  readonly marker: string | null;
}

/** A feed, every value checked and every plugin loaded. Holds functions: a task's thread loads it again itself. */
export interface ConnectorConfig {
  readonly name: string;
  readonly tasksMax: number;
  readonly placement: Placement;
  readonly source: PluginInstance<SourceConnectorPlugin>;
  readonly parser: ParserStage;
  readonly transformations: readonly TransformationStage[];
  readonly keyConverter: PluginInstance<ConverterPlugin>;
  readonly valueConverter: PluginInstance<ConverterPlugin>;
  readonly errors: {
    readonly tolerance: 'none' | 'all';
    /** Bad rows after which a file is given up; null for any number. */
    readonly max: ErrorLimit | null;
    /** Reasons of rejected rows show the rows' values, elsewhere than with the dead letters too. */
    readonly includesValues: boolean;
    readonly deadLetterTopic: string | null;
    /** -1 is the broker's default. */
    readonly deadLetterTopicReplicationFactor: number;
    readonly deadLetterFile: string | null;
    readonly deadLetterContent: 'row' | 'record' | 'none';
    /** In it. */
    readonly escapesFormulas: boolean;
  };
  readonly headers: HeaderRules;
  readonly transaction: { readonly boundary: 'interval' | 'poll' | 'file'; readonly intervalMs: number };
  readonly exactlyOnce: boolean;
  /** What records say of the row they are of. */
  readonly headersSource: 'none' | 'row' | 'full';
  /** They say of which trace their file is. */
  readonly headersTraceparent: boolean;
  /** What becomes of rows whose record's time their topic does not keep. */
  readonly expiredTimestamps: 'now' | 'keep' | 'reject';
  readonly topicCreation: TopicCreation & { readonly enabled: boolean };
  /** Where rows may not go, with whose these topics are. */
  readonly internalTopics: ReadonlyMap<string, string>;
  readonly compressionType: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly restart: { readonly backoffMs: number; readonly backoffMaxMs: number };
  /** Where the end of each file is told; null for nowhere. */
  readonly endOfFileTopic: string | null;
  /** What its files are expected by; null when nobody promised them. */
  readonly handOver: HandOver | null;
  readonly notify: Notify | null;
  /** Static labels for the feed's metrics. */
  readonly metricsLabels: Readonly<Record<string, string>>;
  /** The flat text as written, before config providers; show it through `masked`. */
  readonly raw: Readonly<Record<string, string>>;
  /** Keys of `raw` that hold secrets. */
  readonly sensitiveKeys: readonly string[];
}

export interface LoadedConnectorConfig {
  /** null when there are problems. */
  readonly config: ConnectorConfig | null;
  /** As written, with what stores of secrets gave: whoever loads them again asks no store. */
  readonly entries: ConfigEntries;
  readonly problems: readonly Problem[];
  /** Every option that was read, by its key: of the plugins that could be loaded as well. */
  readonly options: ReadonlyMap<string, OptionDefinition>;
}

/** Reads a feed and loads its plugins. Has no effect outside, so a task's thread gets the same from the same entries. */
export async function loadConnectorConfig(
  written: ConfigEntries,
  plugins: PluginSource,
  worker: WorkerConfig,
  environment: Environment = process.env,
): Promise<LoadedConnectorConfig> {
  const entries = await askStores(written, worker.secretStores, environment);
  const allowedPaths = worker.configProvidersAllowedPaths;
  const resolved = resolveEntries(entries, { environment, allowedPaths });
  const reader = new ConnectorReader(resolved.entries, entries.origin, plugins);
  reader.problems.push(...resolved.problems);
  const parts = await readParts(reader, worker);
  reader.problems.push(...unknownOf(reader, parts.source !== null));
  const { options, source, parser, keyConverter, valueConverter } = parts;
  if (parser) {
    checkSomeRoute(reader, parts.transformations, ({ plugin }) => plugins.modulePathOf(plugin) === null);
    checkHeaders(reader, options, parser);
    await checkFields(reader, parser, parts.transformations);
  }
  const complete = source && parser && keyConverter && valueConverter;
  if (!complete || reader.problems.length > 0) {
    const problems = hideProvided(reader.problems, reader.entries);
    return { config: null, entries, problems, options: reader.options };
  }
  const config: ConnectorConfig = {
    ...settingsOf(options, worker),
    source,
    parser,
    transformations: parts.transformations,
    keyConverter,
    valueConverter,
    topicCreation: { ...parts.topicCreation, enabled: worker.topicCreationEnable },
    internalTopics: parts.closedTopics,
    raw: rawOf(entries),
    sensitiveKeys: reader.sensitiveKeys,
  };
  return { config, entries, problems: [], options: reader.options };
}

async function readParts(reader: ConnectorReader, worker: WorkerConfig) {
  const scope = reader.scope(CONNECTOR_OPTIONS, '', undefined, reader.entries);
  reader.allow(scope);
  const options = scope.values;
  const { connectorClass } = options;
  const plugin = connectorClass ? await reader.load('source', connectorClass, 'connector.class') : null;
  if (plugin) reader.requireVersion(plugin, 'connector.plugin.version', options.connectorPluginVersion);
  const source = plugin && reader.instance(plugin, 'connector.class', '', reader.entries);
  const stages = await readStages(reader, options.transforms, options.predicates);
  const keyConverter = await readConverter(reader, 'key', options.keyConverter, worker);
  const valueConverter = await readConverter(reader, 'value', options.valueConverter, worker);
  const topicCreation = readTopicCreation(reader, options.topicCreationGroups);
  checkConnector(reader, options, internalTopics(worker));
  if (options.expectBy !== null) checkExpectedPattern(reader, options.expectPattern, source ?? undefined);
  const closedTopics = topicsWithoutRows(worker, options.endOfFileTopic);
  checkRoutes(reader, stages.transformations, closedTopics);
  return { options, source, ...stages, keyConverter, valueConverter, topicCreation, closedTopics };
}

/** Consumers of the ends of files know one form of record there. */
function topicsWithoutRows(worker: WorkerConfig, ends: string | null): ReadonlyMap<string, string> {
  const internal = internalTopics(worker);
  return ends === null ? internal : new Map([...internal, [ends, "the feed's end.of.file.topic"]]);
}

/** Without its plugin, a source's own keys are not known: only what looks like a slip of the pen is called unknown. */
function unknownOf(reader: ConnectorReader, sourceIsKnown: boolean): Problem[] {
  const { known } = reader;
  const problems = withProducerKeys(unknownKeys(reader.entries, known));
  if (sourceIsKnown) return problems;
  return problems.filter(({ key }) => key !== null && closestName(key, known.keys) !== null);
}

function settingsOf(options: ConfigValues<typeof CONNECTOR_OPTIONS>, worker: WorkerConfig) {
  return {
    name: options.name,
    tasksMax: options.tasksMax,
    placement: { labels: options.placement, marker: options.placementMarker },
    errors: {
      tolerance: options.errorsTolerance,
      max: options.errorsMax === null ? null : parseErrorLimit(options.errorsMax),
      includesValues: options.errorsLogIncludeValues,
      deadLetterTopic: options.errorsDeadletterqueueTopicName,
      deadLetterTopicReplicationFactor: options.errorsDeadletterqueueTopicReplicationFactor,
      deadLetterFile: options.errorsDeadletterqueueFile,
      deadLetterContent: options.errorsDeadletterqueueValue,
      escapesFormulas: options.errorsDeadletterqueueFileEscapeFormulas,
    },
    headers: {
      policy: options.onHeaderChange,
      columns: options.expectColumns.length === 0 ? null : options.expectColumns,
    },
    transaction: {
      boundary: options.transactionBoundary,
      intervalMs: options.transactionBoundaryIntervalMs,
    },
    headersSource: options.headersSource,
    headersTraceparent: options.headersTraceparent,
    expiredTimestamps: options.expiredTimestamps,
    exactlyOnce: (options.exactlyOnceSupport ?? worker.exactlyOnceSourceSupport) === 'enabled',
    compressionType: options.producerOverrideCompressionType,
    restart: { backoffMs: options.errorsRetryDelayMs, backoffMaxMs: options.errorsRetryDelayMaxMs },
    endOfFileTopic: options.endOfFileTopic,
    handOver: handOverOf(options),
    notify:
      options.notifyUrl === null
        ? null
        : { url: options.notifyUrl, authorization: options.notifyAuthorization },
    metricsLabels: options.metricsLabels,
  };
}

function rawOf({ entries }: ConfigEntries): Record<string, string> {
  const raw: Record<string, string> = Object.create(null);
  for (const [key, { text }] of entries) raw[key] = text;
  return raw;
}
