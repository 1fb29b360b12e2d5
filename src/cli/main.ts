#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { reportError } from './report-error.ts';
import { run } from './run.ts';
import { validateFiles } from './validate.ts';

const { version } = JSON.parse(readFileSync(findPackageJson(), 'utf8')) as { version: string };

/** Beside the sources, or above `dist`. */
function findPackageJson(): URL {
  const up = import.meta.url.includes('/dist/') ? '../../../package.json' : '../../package.json';
  return new URL(up, import.meta.url);
}

const program = new Command('headrace')
  .description(
    'Files into Apache Kafka: every row exactly once and in order, or in the dead-letter queue with the reason.',
  )
  .version(version)
  .showHelpAfterError('(headrace --help tells more)')
  .exitOverride();

program
  .command('run')
  .description(
    'run feeds until told to stop: SIGTERM or Ctrl-C commits and closes, a second one ends at once',
  )
  .argument('<feed...>', 'feed files, YAML or JSON')
  .option('--worker <file>', 'worker configuration; without it, HEADRACE_* environment variables')
  .action(async (feeds: string[], options: { worker?: string }) => {
    process.exitCode = await run(feeds, options.worker ?? null);
  });

program
  .command('validate')
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

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    reportError(error);
    process.exitCode = exitCodeOf(error);
  }
}
