import { Command } from 'commander';
import { terminalOf } from '../../terminal/terminal.ts';
import { JSON_OUTPUT, NO_COLOR, WORKER } from '../options.ts';
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
    .option(...WORKER)
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .action(async (feeds: string[], { worker, json, color }: Flags) => {
      process.exitCode = await doctor(feeds, {
        worker: worker ?? null,
        json: json === true,
        terminal: terminalOf(color),
      });
    });
}
