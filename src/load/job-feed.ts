import { connectionOptions } from '../../connectors/inputs/connections.ts';
import type { ConfigEntries, ConfigEntry } from '../config/read/config-entry.ts';
import { entriesOf } from '../config/read/config-entry.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import type { ConfigDefinition } from '../plugin/index.ts';
import { HeadraceError } from '../plugin/index.ts';
import { type Feed, feedOf } from '../runtime/worker/feed.ts';
import { dottedName } from '../values/dotted-name.ts';
import type { LoadFile } from './load-files.ts';
import type { LoadOptions, TopicOptions } from './load-options.ts';

/** Where what is not written in a file comes from, in messages. */
export const COMMAND_LINE = 'command line';

/** A load waits in the foreground: tries come often, and it is the load's patience that ends them. */
const RETRY_DELAY = { 'errors.retry.delay.ms': '500', 'errors.retry.delay.max.ms': '5000' };

/** What a job is to run. */
export interface JobSource {
  readonly job: string;
  readonly files: readonly LoadFile[];
  readonly options: TopicOptions;
  readonly worker: WorkerConfig;
}

/** A feed for files that are there already, made of one that a person wrote or of the command line alone. */
export async function jobFeed(source: JobSource, feed: Feed | null): Promise<Feed> {
  const base = feed === null ? topicEntries(source.options) : withoutSource(feed);
  const changes: Record<string, string | null> = {
    name: source.job,
    'connector.class': 'local',
    ...inputs(source.files),
    ...(source.options.registry !== undefined && {
      'value.converter.schema.registry.url': source.options.registry,
    }),
    ...(source.options.compression !== undefined && {
      'producer.override.compression.type': source.options.compression,
    }),
    ...errorHandling(source, feed),
    ...RETRY_DELAY,
  };
  return feedOf(changed(base, changes), source.worker).catch((error) => {
    throw asFlags(error);
  });
}

function inputs(files: readonly LoadFile[]): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const [index, { path, rowLimit }] of files.entries()) {
    changes[`input.paths.${index + 1}`] = path;
    if (rowLimit !== undefined) changes[`input.rows.${index + 1}`] = String(rowLimit);
  }
  return changes;
}

/** The options of the command line that stand for keys of a feed. */
const FLAGS: readonly (readonly [key: string, flag: string])[] = [
  ['transforms.parse.delimiter', '--delimiter'],
  ['transforms.validate.schema.file', '--schema'],
  ['transforms.route.topic', '--topic'],
  ['transforms.route.key', '--key'],
  ['producer.override.compression.type', '--compression'],
  ['errors.max', '--max-errors'],
];

/** A mistake in what the command line says is told by its own names. */
function asFlags(error: unknown): unknown {
  if (!(error instanceof HeadraceError) || error.code !== 'CONFIG_INVALID') return error;
  const lines = error.message.split('\n').map((line) => {
    const found = FLAGS.find(([key]) => line.startsWith(`${COMMAND_LINE}: ${key}: `));
    return found === undefined ? line : line.replace(`${COMMAND_LINE}: ${found[0]}`, found[1]);
  });
  return new HeadraceError('CONFIG_INVALID', lines.join('\n'), { cause: error });
}

/**
 * The feed that a load to a topic has made of its command line, for rows that it has rejected.
 *
 * @param letters where rows go that are rejected again
 */
export async function topicFeed(options: TopicOptions, worker: WorkerConfig, letters: string): Promise<Feed> {
  const changes = {
    name: `${topicName(options)}-load`,
    'connector.class': 'local',
    'input.path': '.',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.file': letters,
    ...(options.registry !== undefined && {
      'value.converter.schema.registry.url': options.registry,
    }),
  };
  return feedOf(changed(topicEntries(options), changes), worker).catch((error) => {
    throw asFlags(error);
  });
}

/** A topic's name as the name of a job. */
export function topicName({ topic = '' }: LoadOptions): string {
  return topic.replaceAll(/[^\w.-]+/g, '-');
}

/** CSV with a header, or JSON lines, into a topic: typed by a schema, or strings. */
function topicEntries(options: TopicOptions): ConfigEntries {
  const { topic = '', schema, key, registry } = options;
  const typed = schema !== undefined && {
    'transforms.validate.type': 'schema',
    'transforms.validate.schema.file': schema,
  };
  const flat = {
    transforms: typed ? 'parse,validate,route' : 'parse,route',
    ...parserEntries(options),
    ...typed,
    'transforms.route.type': 'route',
    'transforms.route.topic': topic,
    ...(key !== undefined && { 'transforms.route.key': key }),
    ...(registry !== undefined && { 'value.converter': 'avro' }),
  };
  return entriesOf(flat, COMMAND_LINE);
}

function parserEntries({ delimiter, jsonColumns, schema }: TopicOptions): Record<string, string> {
  if (jsonColumns === undefined) {
    const csv = { 'transforms.parse.type': 'csv' };
    if (delimiter === undefined) return csv;
    return { ...csv, 'transforms.parse.delimiter': delimiter.replaceAll('\t', '\\t') };
  }
  const jsonl = { 'transforms.parse.type': 'jsonl' };
  // A schema names its columns itself.
  if (schema !== undefined || jsonColumns.length === 0) return jsonl;
  return { ...jsonl, 'transforms.parse.columns': jsonColumns.join(',') };
}

/**
 * Without what the feed's own source is told but for how it is reached: a load has its files, and leaves them where they
 * are.
 */
function withoutSource({ entries, config }: Feed): ConfigEntries {
  const definition: ConfigDefinition = config.source.plugin.config;
  const own = Object.keys(definition).filter((name) => !Object.hasOwn(connectionOptions, name));
  const keys = own.map(dottedName);
  const isOwn = (key: string) => keys.some((name) => key === name || key.startsWith(`${name}.`));
  const kept = [...entries.entries].filter(([key]) => !isOwn(key));
  return { origin: entries.origin, entries: new Map(kept) };
}

/**
 * Rejected rows go to the feed's dead-letter topic, or else to a file of the load's own: the feed's file is the
 * daemon's. A feed that stops at the first bad row on purpose does so here, unless the command line says otherwise.
 */
function errorHandling({ job, options }: JobSource, feed: Feed | null): Record<string, string | null> {
  const { deadLetterFile, maxErrors } = options;
  const saysNone =
    feed?.entries.entries.get('errors.tolerance') !== undefined && feed.config.errors.tolerance === 'none';
  if (saysNone && deadLetterFile === undefined && maxErrors === undefined) return {};
  const hasTopic = (feed?.config.errors.deadLetterTopic ?? null) !== null;
  return {
    'errors.tolerance': 'all',
    'errors.deadletterqueue.file': deadLetterFile ?? (hasTopic ? null : `./${job}.rejected.csv`),
    ...(maxErrors !== undefined && { 'errors.max': String(maxErrors) }),
  };
}

function changed({ origin, entries }: ConfigEntries, changes: Record<string, string | null>): ConfigEntries {
  const given: Record<string, string> = {};
  for (const [key, text] of Object.entries(changes)) if (text !== null) given[key] = text;
  const kept = [...entries].filter(([key]) => changes[key] !== null);
  const all: (readonly [string, ConfigEntry])[] = [...kept, ...entriesOf(given, COMMAND_LINE).entries];
  return { origin, entries: new Map(all) };
}
