import { Command, Option } from 'commander';
import { JSON_OUTPUT, NO_COLOR, WORKER_OF_FEEDS } from '../options.ts';
import { REPORT_FORMATS, type ReportFormat } from './report.ts';
import { validateFiles } from './validate.ts';

interface Flags {
  readonly worker?: string;
  readonly probe?: true;
  readonly format: ReportFormat;
}

export function validateCommand(): Command {
  return new Command('validate')
    .description('check worker and feed files; tells every mistake at once')
    .argument('<file...>', 'files: YAML, JSON or .properties')
    .option(...WORKER_OF_FEEDS)
    .option('--probe', 'also ask Kafka, the schema registry, storage and the disks, as doctor does')
    .addOption(
      new Option('--format <format>', 'how mistakes are told').choices(REPORT_FORMATS).default('text'),
    )
    .addOption(new Option(...JSON_OUTPUT).implies({ format: 'json' }))
    .option(...NO_COLOR)
    .action(async (files: string[], { worker, probe, format }: Flags) => {
      process.exitCode = await validateFiles(files, {
        ...(worker !== undefined && { worker }),
        probe: probe === true,
        format,
      });
    });
}
