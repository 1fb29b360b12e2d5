import { FeedFolder } from '../../integration/support/feed-folder.ts';
import { sharedKafka, uniqueName } from '../../support/stack.ts';
import { headrace, type Ran } from './run-command.ts';

export const { bootstrapServers } = await sharedKafka();

/** A feed with a folder, an offset topic and topics of its own. */
export interface LoadedFeed {
  readonly folder: FeedFolder;
  /** Of the feed, and its topic. */
  readonly name: string;
  readonly offsetTopic: string;
  /** Runs a command in the feed's folder. */
  run(...args: readonly string[]): Promise<Ran>;
  /** Drops a file and has the daemon load it. */
  load(name: string, content: string | Buffer): Promise<void>;
}

export async function newFeed(options: Readonly<Record<string, string | null>> = {}): Promise<LoadedFeed> {
  const folder = await FeedFolder.make(uniqueName('feed'));
  const offsetTopic = `${folder.name}.offsets`;
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed(options);
  return {
    folder,
    name: folder.name,
    offsetTopic,
    run: (...args) => headrace(args, { cwd: folder.path }),
    async load(name, content) {
      await folder.write(`drop/${name}`, content);
      const daemon = folder.start();
      const isDone = ({ msg, file }: { readonly msg: string; readonly file?: unknown }) =>
        (msg === 'file completed' || msg === 'file skipped') && file === name;
      await daemon.waitFor(isDone);
      await daemon.stop();
    },
  };
}
