import { Command } from 'commander';
import { terminalOf } from '../../terminal/terminal.ts';
import { WORKER_HELP } from '../worker-option.ts';
import { doctor } from './doctor.ts';

interface Flags {
  readonly worker?: string;
  readonly json?: true;
  readonly color: boolean;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check what a worker and its feeds need: Kafka, topics, rights, registry, folders, clock')
    .argument('[feed...]', 'feed files')
    .option('--worker <file>', WORKER_HELP)
    .option('--json', 'print one JSON object')
    .option('--no-color', 'no colours, as with NO_COLOR')
    .action(async (feeds: string[], { worker, json, color }: Flags) => {
      process.exitCode = await doctor(feeds, {
        worker: worker ?? null,
        json: json === true,
        terminal: terminalOf(color),
      });
    });
}
