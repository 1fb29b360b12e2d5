import { Command } from 'commander';
import { offlineWorker } from '../../dry-run/offline-worker.ts';
import { installedPlugins } from '../../loader/installed-plugins.ts';
import { JSON_OUTPUT, NO_COLOR } from '../options.ts';
import { listPlugins, showPlugin } from './show-plugins.ts';

interface Flags {
  readonly worker?: string;
  readonly json?: true;
}

export function pluginsCommand(): Command {
  return new Command('plugins')
    .description('what is installed; of one plugin, every option with its type, default and doc')
    .argument('[name]', 'name of a plugin')
    .option('--worker <file>', 'worker configuration, for its plugin.path')
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .action(async (name: string | undefined, { worker, json }: Flags) => {
      const plugins = await installedPlugins(await offlineWorker(worker ?? null, process.env));
      if (name === undefined) listPlugins(plugins, json === true);
      else await showPlugin(plugins, name, json === true);
    });
}
