#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { reportError } from './report-error.ts';

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

/** Each is loaded only when it is called, or when all are listed: what a command does not need costs it nothing. */
const COMMANDS = new Map<string, () => Promise<Command>>([
  ['run', async () => (await import('./run/run-command.ts')).runCommand()],
  ['load', async () => (await import('./load/load-command.ts')).loadCommand()],
  ['validate', async () => (await import('./validate/validate-command.ts')).validateCommand()],
  ['preview', async () => (await import('./preview/preview-command.ts')).previewCommand()],
  ['test', async () => (await import('./test/test-command.ts')).testCommand()],
  ['offsets', async () => (await import('./offsets/offsets-command.ts')).offsetsCommand()],
  ['dlq', async () => (await import('./dlq/dlq-command.ts')).dlqCommand()],
  ['doctor', async () => (await import('./doctor/doctor-command.ts')).doctorCommand()],
  ['plugins', async () => (await import('./plugins/plugins-command.ts')).pluginsCommand()],
]);

const called = COMMANDS.get(process.argv[2] ?? '');
for (const command of called === undefined ? [...COMMANDS.values()] : [called])
  program.addCommand((await command()).copyInheritedSettings(program));

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
