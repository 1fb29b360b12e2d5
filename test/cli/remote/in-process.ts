import type { Command } from 'commander';
import { vi } from 'vitest';
import { exitCodeOf } from '../../../src/cli/exit-codes.ts';
import { filesCommand } from '../../../src/cli/files/files-command.ts';
import { offsetsCommand } from '../../../src/cli/offsets/offsets-command.ts';
import { deleteCommand, restartCommand, targetStateCommand } from '../../../src/cli/remote/change-state.ts';
import { configCommand } from '../../../src/cli/remote/connector-config.ts';
import { connectorsCommand } from '../../../src/cli/remote/list-connectors.ts';
import { HeadraceError } from '../../../src/errors.ts';
import type { Ran } from '../support/run-command.ts';

const COMMANDS: Readonly<Record<string, () => Command>> = {
  connectors: connectorsCommand,
  pause: () => targetStateCommand('pause'),
  resume: () => targetStateCommand('resume'),
  stop: () => targetStateCommand('stop'),
  restart: restartCommand,
  delete: deleteCommand,
  config: configCommand,
  files: filesCommand,
  offsets: offsetsCommand,
};

/** Runs a command without a process of its own; what it would end with is given all the same. */
export async function inProcess(
  [name = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.stdout += text;
    return true;
  });
  const stderr = vi.spyOn(console, 'error').mockImplementation((text) => {
    said.stderr += `${text}\n`;
  });
  for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
  try {
    await COMMANDS[name]?.().parseAsync(args, { from: 'user' });
    return { code: 0, ...said };
  } catch (error) {
    if (!(error instanceof HeadraceError)) throw error;
    return { code: exitCodeOf(error), ...said, stderr: `${said.stderr}${error.message}\n` };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
    vi.unstubAllEnvs();
  }
}
