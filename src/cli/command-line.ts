import { Command, CommanderError } from 'commander';
import { OWN_VERSION } from '../own-modules.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { printError } from './print.ts';

const program = new Command('headrace')
  .description(
    'Files into Apache Kafka: every row exactly once and in order, or in the dead-letter queue with the reason.',
  )
  .version(OWN_VERSION)
  .showHelpAfterError('(headrace --help tells more)')
  .exitOverride();

/** Each is loaded only when it is called, or when all are listed: what is not needed costs nothing. */
const COMMANDS = new Map<string, () => Promise<Command>>([
  ['run', async () => (await import('./run/run-command.ts')).runCommand()],
  ['load', async () => (await import('./load/load-command.ts')).loadCommand()],
  ['validate', async () => (await import('./validate/validate-command.ts')).validateCommand()],
  ['preview', async () => (await import('./preview/preview-command.ts')).previewCommand()],
  ['test', async () => (await import('./test/test-command.ts')).testCommand()],
  ['offsets', async () => (await import('./offsets/offsets-command.ts')).offsetsCommand()],
  ['dlq', async () => (await import('./dlq/dlq-command.ts')).dlqCommand()],
  ['doctor', async () => (await import('./doctor/doctor-command.ts')).doctorCommand()],
  ['connectors', async () => (await import('./remote/list-connectors.ts')).connectorsCommand()],
  ['status', async () => (await import('./status/status-command.ts')).statusCommand()],
  ['top', async () => (await import('./top/top-command.ts')).topCommand()],
  ['tap', async () => (await import('./tap/tap-command.ts')).tapCommand()],
  ['pause', async () => (await import('./remote/change-state.ts')).targetStateCommand('pause')],
  ['resume', async () => (await import('./remote/change-state.ts')).targetStateCommand('resume')],
  ['stop', async () => (await import('./remote/change-state.ts')).targetStateCommand('stop')],
  ['restart', async () => (await import('./remote/change-state.ts')).restartCommand()],
  ['delete', async () => (await import('./remote/change-state.ts')).deleteCommand()],
  ['config', async () => (await import('./remote/connector-config.ts')).configCommand()],
  ['files', async () => (await import('./files/files-command.ts')).filesCommand()],
  ['group', async () => (await import('./group/group-command.ts')).groupCommand()],
  ['user', async () => (await import('./user/user-command.ts')).userCommand()],
  ['create', async () => (await import('./create/create-command.ts')).createCommand()],
  ['convert', async () => (await import('./convert/convert-command.ts')).convertCommand()],
  ['schema', async () => (await import('./schema/schema-command.ts')).schemaCommand()],
  ['plugins', async () => (await import('./plugins/plugins-command.ts')).pluginsCommand()],
]);

/** Does what the arguments of the process say, and sets its exit code. */
export async function runCommandLine(): Promise<void> {
  for (const command of neededCommands(process.argv[2] ?? ''))
    program.addCommand((await command()).copyInheritedSettings(program));
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    } else {
      printError(error);
      process.exitCode = exitCodeOf(error);
    }
  }
}

function neededCommands(word: string): (() => Promise<Command>)[] {
  if (word === '--version' || word === '-V') return [];
  const called = COMMANDS.get(word);
  return called === undefined ? [...COMMANDS.values()] : [called];
}
