import { stat } from 'node:fs/promises';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { readDeadLetterCsv } from '../../dead-letters/dead-letter-csv.ts';
import { topicFeed } from '../../load/job-feed.ts';
import type { LoadFile } from '../../load/load-files.ts';
import type { LoadOptions } from '../../load/load-options.ts';
import { withFormat } from '../../load/topic-load.ts';
import type { Feed } from '../../runtime/worker/feed.ts';
import { printable } from '../../terminal/text.ts';

/** What `load --topic` was given, of which its feed is made again. */
export interface TopicFlags {
  readonly to?: string;
  readonly schema?: string;
  readonly key?: string;
  readonly delimiter?: string;
  readonly registry?: string;
}

/** The feed of a load to a topic whose rejected rows are in a file. The format is seen where that load saw it. */
export async function feedOfTopic(
  { to, ...flags }: TopicFlags,
  worker: WorkerConfig,
  letters: string,
): Promise<Feed> {
  const options: LoadOptions = { ...flags, topic: to ?? '' };
  const tell = (file: string, reason: string) => console.error(printable(`${file}: ${reason}`));
  return topicFeed(await withFormat(options, await filesOf(letters), tell), worker, letters);
}

/** The files of rejected rows that are still there. */
async function filesOf(letters: string): Promise<LoadFile[]> {
  const paths = new Set((await readDeadLetterCsv(letters)).map(({ file }) => file));
  const files: LoadFile[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) files.push({ path, shown: path, absolute: path, bytes: found.size });
  }
  return files;
}
