import { Command } from 'commander';
import { JSON_OUTPUT, NO_COLOR, WORKER_OF_FEEDS } from '../options.ts';
import { validateFiles } from './validate.ts';

interface Flags {
  readonly worker?: string;
  readonly probe?: true;
  readonly json?: true;
}

export function validateCommand(): Command {
  return new Command('validate')
    .description('check worker and feed files; tells every mistake at once')
    .argument('<file...>', 'files: YAML, JSON or .properties')
    .option(...WORKER_OF_FEEDS)
    .option('--probe', 'also ask Kafka, the schema registry, storage and the disks, as doctor does')
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .action(async (files: string[], { worker, probe, json }: Flags) => {
      process.exitCode = await validateFiles(files, {
        ...(worker !== undefined && { worker }),
        probe: probe === true,
        json: json === true,
      });
    });
}
