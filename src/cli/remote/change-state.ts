import type { Command } from 'commander';
import { HeadraceError } from '../../errors.ts';
import { ask, canAsk } from '../ask.ts';
import { wholeNumberOrZero } from '../options.ts';
import { print, printJson } from '../print.ts';
import { type ConnectorStatus, statusTable } from '../status/status-table.ts';
import { connectorPath } from './worker-client.ts';
import { type WorkerFlags, workerCommand, workerOf } from './worker-command.ts';

const CONNECTOR = ['<connector>', 'name of the connector'] as const;

const DESCRIPTIONS = {
  pause: 'let the tasks of a connector commit what they have, and wait',
  resume: 'let a connector that is paused or stopped go on from its last commit',
  stop: 'end the tasks of a connector; its offsets can be changed then',
} as const;

/** `pause`, `resume` or `stop`. */
export function targetStateCommand(action: keyof typeof DESCRIPTIONS): Command {
  return workerCommand(action, DESCRIPTIONS[action])
    .argument(...CONNECTOR)
    .action(async (connector: string, flags: WorkerFlags) => {
      const worker = await workerOf(flags);
      await worker.send('PUT', connectorPath(connector, action));
      tell(connector, action, flags);
    });
}

interface RestartFlags extends WorkerFlags {
  readonly task?: number;
  readonly includeTasks?: true;
  readonly onlyFailed?: true;
}

export function restartCommand(): Command {
  return workerCommand('restart', 'start a connector or its tasks again, from the last commit')
    .argument(...CONNECTOR)
    .option('--task <number>', 'only this task', wholeNumberOrZero)
    .option('--include-tasks', 'its tasks as well')
    .option('--only-failed', 'only what is FAILED')
    .action(async (connector: string, flags: RestartFlags) => {
      const { task, includeTasks = false, onlyFailed = false } = flags;
      if (task !== undefined && (includeTasks || onlyFailed))
        throw new HeadraceError(
          'CONFIG_INVALID',
          '--task: restarts one task whatever its state; leave out --include-tasks and --only-failed',
        );
      const path =
        task === undefined
          ? `restart?includeTasks=${includeTasks}&onlyFailed=${onlyFailed}`
          : `tasks/${task}/restart`;
      const worker = await workerOf(flags);
      const { body } = await worker.send('POST', connectorPath(connector, path));
      tell(task === undefined ? connector : `${connector}, task ${task}`, 'restart', flags, body);
    });
}

interface DeleteFlags extends WorkerFlags {
  readonly yes?: true;
}

export function deleteCommand(): Command {
  return workerCommand('delete', 'remove a connector that was made over REST; its offsets are kept')
    .argument(...CONNECTOR)
    .option('--yes', 'do not ask whether it is meant')
    .action(async (connector: string, flags: DeleteFlags) => {
      if (!flags.yes) await requireConsent(connector);
      const worker = await workerOf(flags);
      await worker.send('DELETE', connectorPath(connector));
      if (flags.json) printJson({ connector, action: 'delete' });
      else
        print(`${connector}: deleted; its offsets are kept, so that one of this name goes on where it was\n`);
    });
}

async function requireConsent(connector: string): Promise<void> {
  if (!canAsk())
    throw new HeadraceError(
      'CONFIG_INVALID',
      `--yes: expected it where nobody can be asked; ${connector} is kept`,
    );
  const answer = await ask(`Delete ${connector}? Its tasks end, its configuration is gone. [y/N] `);
  if (!/^y(es)?$/i.test(answer?.trim() ?? ''))
    throw new HeadraceError('CONFIG_INVALID', `${connector} is kept`);
}

/** @param body the states there are, where the worker has told them */
function tell(who: string, action: string, { json }: WorkerFlags, body: unknown = null): void {
  const status = body as ConnectorStatus | null;
  if (json) return printJson({ connector: who, action, ...(status === null ? {} : { status }) });
  print(status === null ? `${who}: told to ${action}\n` : statusTable([status]));
}
