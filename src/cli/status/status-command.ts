import type { Command } from 'commander';
import { type WorkerFlags, workerCommand, workerOf } from '../remote/worker-command.ts';
import { showStatus } from './show-status.ts';

export function statusCommand(): Command {
  const what = 'states of connectors and tasks of a running worker, and the reasons of those in trouble';
  return workerCommand('status', what)
    .argument('[connector]', 'name of a connector; without it, all')
    .action(async (connector: string | undefined, flags: WorkerFlags) => {
      process.exitCode = await showStatus(await workerOf(flags), connector ?? null, flags.json === true);
    });
}
