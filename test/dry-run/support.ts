import type { ConnectorConfig } from '../../src/config/connector-config.ts';
import { parseConfigText } from '../../src/config/read/config-file.ts';
import { sourceFile } from '../../src/dry-run/data-file.ts';
import { offlineWorker } from '../../src/dry-run/offline-worker.ts';
import type { RowTrace } from '../../src/dry-run/row-trace.ts';
import { traceRows } from '../../src/dry-run/trace-rows.ts';
import { feedOf } from '../../src/runtime/worker/feed.ts';

/** A feed of these lines behind the ones that every feed has. */
export async function feedWith(lines: string, pluginPath?: string): Promise<ConnectorConfig> {
  const text = `name: feed\nheaders.source: full\nconnector.class: local\ninput.path: ./rows.csv\ntransforms.parse.type: csv\n${lines}`;
  const { config, problems } = parseConfigText(text, { source: 'feed.yaml', folder: import.meta.dirname });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const environment = pluginPath === undefined ? {} : { HEADRACE_PLUGIN_PATH: pluginPath };
  return (await feedOf(config, await offlineWorker(null, environment))).config;
}

/** The traces of rows, whose text comes in chunks. */
export async function tracesOf(
  config: ConnectorConfig,
  chunks: string | readonly string[],
  limit = Number.POSITIVE_INFINITY,
): Promise<RowTrace[]> {
  const file = sourceFile('drop/rows.csv', null);
  const all = [...(typeof chunks === 'string' ? [chunks] : chunks), ''];
  const source = all.map((text, index) => ({
    file,
    bytes: Buffer.from(text),
    eof: index === all.length - 1,
  }));
  const rows: RowTrace[] = [];
  for await (const row of traceRows(config, source, { limit })) rows.push(row);
  return rows;
}

export const TYPED = `
transforms: parse,validate,route
transforms.validate.type: schema
transforms.validate.fields.symbol: string
transforms.validate.fields.price: double
transforms.route.type: route
transforms.route.topic: trades
transforms.route.key: symbol
topic.creation.default.partitions: 6
`;
