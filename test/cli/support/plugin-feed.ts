import { FeedFolder } from '../../integration/support/feed-folder.ts';
import { uniqueName } from '../../support/stack.ts';
import { headrace, type Ran } from './run-command.ts';

/** A feed with a plugin of its own as the transformation `mine`, and a file of rows. */
export class PluginFeed {
  readonly folder: FeedFolder;
  readonly name: string;

  private constructor(folder: FeedFolder) {
    this.folder = folder;
    this.name = folder.name;
  }

  /** @param plugin the source of `plugins/mine.ts` */
  static async make(
    plugin: string,
    options: Readonly<Record<string, string | null>> = {},
    worker: Readonly<Record<string, string>> = {},
  ): Promise<PluginFeed> {
    const folder = await FeedFolder.make(uniqueName('plugin'));
    await folder.worker({ 'bootstrap.servers': 'localhost:1', 'plugin.path': './plugins', ...worker });
    await folder.feed({
      transforms: 'parse,mine,validate,route',
      'transforms.mine.type': 'mine',
      ...options,
    });
    await folder.write('plugins/mine.ts', plugin);
    await folder.write('rows.csv', 'symbol,price\nBHP,1\nRIO,2\nCBA,3\n');
    return new PluginFeed(folder);
  }

  get pluginFile(): string {
    return this.folder.at('plugins/mine.ts');
  }

  run(...args: readonly string[]): Promise<Ran> {
    return headrace([...args, '--worker', 'worker.yaml'], { cwd: this.folder.path });
  }

  preview(): Promise<Ran> {
    return this.run('preview', 'feed.yaml', 'rows.csv');
  }
}

/** A transformation whose `apply` has this body. */
export function applying(body: string): string {
  return transformation(`({\n    apply(record) {\n${body}\n    },\n  })`);
}

/** A transformation whose `create` gives this. */
export function transformation(made: string): string {
  return `import { defineTransformation } from 'headrace/plugin';

export default defineTransformation({
  name: 'mine',
  doc: 'Is tried.',
  config: {},
  create: () => ${made},
});
`;
}
