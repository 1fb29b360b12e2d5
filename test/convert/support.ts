import { entriesOf } from '../../src/config/read/config-entry.ts';
import { parseConfigText } from '../../src/config/read/config-file.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../src/config/worker-config.ts';
import { convertConnector } from '../../src/convert/convert.ts';
import { feedText } from '../../src/convert/feed-text.ts';
import { leaveOutWrong } from '../../src/convert/leave-out.ts';

const worker = parseWorkerConfig(entriesOf({ 'bootstrap.servers': 'localhost:9092' }, 'worker'), {});

export interface Converted {
  readonly text: string;
  readonly feed: Readonly<Record<string, string>>;
  /** What is otherwise here, by key. */
  readonly lost: Readonly<Record<string, string>>;
  readonly needless: readonly string[];
}

/** A connector as a feed that `validate` takes. */
export async function convert(connector: Readonly<Record<string, string>>): Promise<Converted> {
  const conversion = convertConnector(entriesOf(connector, 'connect.properties'), 'connect');
  await leaveOutWrong(conversion, 'connect.properties', worker.config as WorkerConfig);
  const text = feedText(conversion, 'connect.properties', 'Connector');
  const { config, problems } = parseConfigText(text, { source: 'feed.yaml', folder: '/' });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const lost = conversion.notes.filter(({ kind }) => kind === 'lost');
  return {
    text,
    feed: Object.fromEntries([...config.entries].map(([key, entry]) => [key, entry.text])),
    lost: Object.fromEntries(lost.map(({ key, message }) => [key, message])),
    needless: conversion.notes.filter(({ kind }) => kind === 'needless').map(({ key }) => key),
  };
}

export const SPOOLDIR = {
  name: 'trades',
  'connector.class': 'com.github.jcustenborder.kafka.connect.spooldir.SpoolDirCsvSourceConnector',
  topic: 'trades',
  'input.path': '/data/in',
  'input.file.pattern': '^.*\\.csv$',
  'finished.path': '/data/done',
  'error.path': '/data/failed',
};

export const FILEPULSE = {
  name: 'trades',
  'connector.class': 'io.streamthoughts.kafka.connect.filepulse.source.FilePulseSourceConnector',
  topic: 'trades',
  'fs.listing.class': 'io.streamthoughts.kafka.connect.filepulse.fs.LocalFSDirectoryListing',
  'fs.listing.directory.path': '/data/in',
  'tasks.reader.class': 'io.streamthoughts.kafka.connect.filepulse.fs.reader.LocalRowFileInputReader',
  'skip.headers': '1',
  filters: 'rows',
  'filters.rows.type': 'io.streamthoughts.kafka.connect.filepulse.filter.CSVFilter',
  'filters.rows.columns': 'symbol:STRING;qty:INTEGER',
};

/** A schema as both connectors write it. */
export function struct(fields: Readonly<Record<string, object>>, name = 'market.Trade'): string {
  return JSON.stringify({ name, type: 'STRUCT', isOptional: false, fieldSchemas: fields });
}
