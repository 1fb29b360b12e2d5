import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { HeadraceProcess } from '../integration/support/headrace-process.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';

export const { bootstrapServers } = await sharedKafka();

type Options = Readonly<Record<string, string | null>>;

/** A daemon that answers REST requests on a port of its own, with feeds that each watch a folder. */
export interface RestDaemon {
  readonly folder: FeedFolder;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly daemon: HeadraceProcess;
  get(path: string): Promise<Response>;
  json(path: string): Promise<unknown>;
}

/** Starts a daemon with a feed for each set of options, after the files of `drop/` are written. */
export async function startRestDaemon(
  feeds: readonly Options[],
  files: Readonly<Record<string, string>> = {},
  worker: Readonly<Record<string, string>> = {},
): Promise<RestDaemon> {
  const folder = await FeedFolder.make(uniqueName('rest'));
  const name = folder.name;
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    'group.id': name,
    'group.instance.id': name,
    listeners: 'http://127.0.0.1:0',
    ...worker,
  });
  for (const [path, content] of Object.entries(files)) await folder.write(path, content);
  const paths: string[] = [];
  for (const [index, options] of feeds.entries()) {
    await folder.feed(options);

    await folder.write(`feed-${index}.yaml`, await readFile(folder.at('feed.yaml'), 'utf8'));
    paths.push(folder.at(`feed-${index}.yaml`));
  }
  const daemon = HeadraceProcess.start({ feeds: paths, worker: folder.at('worker.yaml') });
  onTestFinished(() => daemon.kill());
  const url = String((await daemon.waitFor('REST listening')).address);
  const get = (path: string) => fetch(url + path);
  return { folder, url, daemon, get, json: async (path) => (await get(path)).json() };
}
