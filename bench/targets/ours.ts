import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.ts';
import { gzipped } from '../data/gzipped.ts';
import { halved } from '../data/halved.ts';
import type { BenchFeed } from '../feeds/feed.ts';
import type { Measured } from '../measure/measure.ts';
import { PARTITIONS } from '../topics.ts';
import type { Job, Target } from './target.ts';

/** The command as users have it. */
export const BUILT_COMMAND = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
/** The same from its sources: a profile tells time by module, and what is built has few. */
export const SOURCE_COMMAND = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const PLUGINS = fileURLToPath(new URL('../plugins', import.meta.url));

export interface OursOptions {
  readonly feed: BenchFeed;
  /** The module of the command. */
  readonly main: string;
  readonly name?: string;
  readonly nodeOptions?: readonly string[];
}

/** `headrace run`, exactly once, with every check on. */
export function ours({ feed, main, name = 'headrace', nodeOptions = [] }: OursOptions): Target {
  if (!existsSync(main))
    throw new BenchError(`${main} is missing; run npm run build, or npm run bench, which does`);
  return {
    name,
    transactional: true,
    async command(job) {
      const { feedPath, workerPath } = await writeConfigs(feed, job);
      return [process.execPath, ...nodeOptions, main, 'run', feedPath, '--worker', workerPath];
    },
    // It would try again for ever, and a second try is not what is measured.
    hopeless: (line) => line.includes('"state":"RESTARTING"') || line.includes('"state":"FAILED"'),
    loadMs: (measured) => {
      const times = (msg: string) => logLines(measured, msg).map(({ time }) => time);
      return Math.max(...times('file completed')) - Math.min(...times('file reading'));
    },
    expected: ({ rows }) => rows,
  };
}

export interface LogLine {
  readonly msg: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly [field: string]: unknown;
}

/** The lines with that message, of which there must be some. Lines that are not JSON are not the log's. */
export function logLines({ stderr }: Measured, msg: string): readonly [LogLine, ...LogLine[]] {
  const [first, ...others] = stderr
    .split('\n')
    .filter((text) => text.startsWith('{'))
    .map((text) => JSON.parse(text) as LogLine)
    .filter((line) => line.msg === msg);
  if (first !== undefined) return [first, ...others];
  throw new BenchError(`headrace: the log has no line "${msg}":\n${stderr}`);
}

/** A name of its own for each run: under another's name the file would be known, and nothing be sent. */
async function writeConfigs(feed: BenchFeed, job: Job): Promise<{ feedPath: string; workerPath: string }> {
  const feedPath = join(job.folder, 'feed.json');
  const workerPath = join(job.folder, 'worker.json');
  const worker = {
    'bootstrap.servers': job.cluster.bootstrapServers,
    'plugin.path': PLUGINS,
    'log.level': 'info',
  };
  const config = feedConfig(feed, job, await inputsOf(feed, job.csvPath));
  await writeFile(feedPath, JSON.stringify(config, null, 2));
  await writeFile(workerPath, JSON.stringify(worker, null, 2));
  return { feedPath, workerPath };
}

async function inputsOf(
  { gzipped: isGzipped, halved: isHalved }: BenchFeed,
  path: string,
): Promise<string[]> {
  if (isGzipped === true) return [await gzipped(path)];
  return isHalved === true ? await halved(path) : [path];
}

function feedConfig(
  { table, transforms = [], settings = {} }: BenchFeed,
  job: Job,
  inputs: readonly string[],
): Record<string, string | number> {
  const fields = table.columns.map(({ name, type }) => [`transforms.validate.fields.${name}`, type]);
  return {
    name: job.topic,
    'connector.class': 'local',
    ...Object.fromEntries(inputs.map((path, index) => [`input.paths.${index}`, path])),
    transforms: ['parse', 'validate', ...transforms, 'route'].join(','),
    'transforms.parse.type': 'csv',
    'transforms.validate.type': 'schema',
    ...Object.fromEntries(fields),
    'transforms.route.type': 'route',
    'transforms.route.topic': job.topic,
    'transforms.route.key': table.key,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': deadLetterTopic(job.topic),
    'topic.creation.default.partitions': PARTITIONS,
    ...Object.fromEntries(
      Object.entries(settings).map(([key, text]) => [
        key,
        text.replace('{registry}', job.cluster.registryUrl ?? ''),
      ]),
    ),
  };
}

export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}
