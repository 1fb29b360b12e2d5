import { Command } from 'commander';
import { isMember } from '../../config/define/group.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { JSON_OUTPUT, NO_COLOR, WORKER } from '../options.ts';
import { workerOption } from '../worker-option.ts';
import { leaveGroup } from './leave-group.ts';
import { showGroup } from './show-group.ts';

interface Flags {
  readonly worker?: string;
  readonly json?: true;
}

export function groupCommand(): Command {
  const group = new Command('group')
    .description('the workers that share one group.id: look who is there, or put one out')
    .exitOverride();
  group.addCommand(
    action('show', 'the workers of a group, who leads, who has which tasks, and what nobody has')
      .option(...JSON_OUTPUT)
      .action(async (flags: Flags) => {
        process.exitCode = await showGroup(await memberOf(flags), flags.json === true);
      }),
  );
  group.addCommand(
    action('leave', 'put a worker out of its group that will not come back, so that its tasks go on at once')
      .argument('<name>', 'its group.instance.id, or its id, as `group show` tells them')
      .action(async (name: string, flags: Flags) => leaveGroup(await memberOf(flags), name)),
  );
  return group;
}

function action(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option(...WORKER)
    .option(...NO_COLOR)
    .showHelpAfterError(`(headrace group ${name} --help tells more)`)
    .exitOverride();
}

/** The configuration of one of the group's workers. */
async function memberOf({ worker }: Flags): Promise<WorkerConfig> {
  const config = await workerOption(worker);
  // Which listeners it has is the running workers' own affair.
  if (isMember({ ...config, listeners: ['any'] })) return config;
  throw new HeadraceError(
    'CONFIG_INVALID',
    'group.id: expected the name that workers share, got none; name it in the file of --worker, or in HEADRACE_GROUP_ID',
  );
}
