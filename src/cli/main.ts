#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { dlqCommand } from './dlq/dlq-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { loadCommand } from './load/load-command.ts';
import { offsetsCommand } from './offsets/offsets-command.ts';
import { pluginsCommand } from './plugins/plugins-command.ts';
import { previewCommand } from './preview-command.ts';
import { reportError } from './report-error.ts';
import { runCommand } from './run.ts';
import { testCommand } from './test-command.ts';
import { validateCommand } from './validate-command.ts';

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

for (const command of [
  runCommand(),
  loadCommand(),
  validateCommand(),
  previewCommand(),
  testCommand(),
  offsetsCommand(),
  dlqCommand(),
  doctorCommand(),
  pluginsCommand(),
])
  program.addCommand(command.copyInheritedSettings(program));

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
