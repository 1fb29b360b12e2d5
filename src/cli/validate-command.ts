import { Command } from 'commander';
import { validateFiles } from './validate.ts';

export function validateCommand(): Command {
  return new Command('validate')
    .description('check worker and feed files; tells every mistake at once')
    .argument('<file...>', 'files, YAML or JSON')
    .option('--worker <file>', 'worker configuration that the feeds are to run with')
    .option('--json', 'print one JSON object')
    .action(async (files: string[], options: { worker?: string; json?: boolean }) => {
      process.exitCode = await validateFiles(files, {
        ...(options.worker !== undefined && { worker: options.worker }),
        json: options.json === true,
      });
    });
}
