import { Argument, Command } from 'commander';
import { feedSchema } from '../../config/json-schema/feed-schema.ts';
import { workerSchema } from '../../config/json-schema/worker-schema.ts';
import { offlineWorker } from '../../dry-run/offline-worker.ts';
import { installedPlugins } from '../../loader/installed-plugins.ts';
import { printable } from '../../terminal/text.ts';
import { print } from '../print.ts';

interface Flags {
  readonly worker?: string;
}

export function schemaCommand(): Command {
  return new Command('schema')
    .description('the JSON Schema of a feed or worker, with which an editor completes and checks the file')
    .addArgument(new Argument('<of>', 'what to describe').choices(['feed', 'worker']))
    .option('--worker <file>', 'worker configuration, for the plugins of its plugin.path')
    .action(async (of: 'feed' | 'worker', { worker }: Flags) => {
      const schema = of === 'worker' ? workerSchema() : await schemaOfFeeds(worker ?? null);
      print(`${JSON.stringify(schema, null, 2)}\n`);
    });
}

/** Of a plugin that cannot be loaded it says why, and leaves its options out. */
async function schemaOfFeeds(worker: string | null) {
  const { found, broken } = await installedPlugins(await offlineWorker(worker, process.env));
  for (const { reason } of broken) console.error(printable(reason));
  return feedSchema(found);
}
