import { Command, Option } from 'commander';
import { JSON_OUTPUT, NO_COLOR, WORKER } from '../options.ts';
import { requireNoLogin, type WorkerFlags, withLogin, workerOf } from '../remote/worker-command.ts';
import { quietClient, workerOption } from '../worker-option.ts';
import { alterOffsets } from './alter-offsets.ts';
import { type OffsetStore, offsetStoreOf, offsetStoreOrNewOf } from './offset-store.ts';
import { resetOffsets } from './reset-offsets.ts';
import { listOffsets, showOffsets } from './show-offsets.ts';
import {
  alterWorkerOffsets,
  listWorkerOffsets,
  resetWorkerOffsets,
  showWorkerOffsets,
} from './worker-offsets.ts';

interface Flags extends Partial<WorkerFlags> {
  readonly worker?: string;
}

interface ResetFlags extends Flags {
  readonly file?: string;
  readonly force?: true;
}

interface AlterFlags extends Flags {
  readonly jsonFile: string;
  readonly force?: true;
}

const FORCE_HELP = 'go on although a task seems to be at work; it is shut out';

export function offsetsCommand(): Command {
  const offsets = new Command('offsets')
    .description('how far each file is delivered: look, forget, or change by hand')
    .exitOverride();
  offsets.addCommand(
    action('list', 'every connector that has delivered something').action(async (flags: Flags) =>
      isAsked(flags)
        ? listWorkerOffsets(await workerOf(flags), flags.json === true)
        : listOffsets(await storeOf(flags), flags.json === true),
    ),
  );
  offsets.addCommand(
    action('show', 'each file of a connector, with how far it is delivered')
      .argument('<connector>', 'name of the connector')
      .action(async (connector: string, flags: Flags) =>
        isAsked(flags)
          ? showWorkerOffsets(await workerOf(flags), connector, flags.json === true)
          : showOffsets(await storeOf(flags), connector, flags.json === true),
      ),
  );
  offsets.addCommand(
    action('reset', 'forget what is delivered: the files that are there are loaded from their first row')
      .argument('<connector>', 'name of the connector, which must be stopped')
      .option('--file <path>', 'only this file, named as in `offsets show`')
      .option('--force', FORCE_HELP)
      .action(async (connector: string, flags: ResetFlags) =>
        isAsked(flags)
          ? resetWorkerOffsets(await workerOf(flags), connector, flags)
          : resetOffsets(await storeOrNewOf(flags, connector), connector, flags),
      ),
  );
  offsets.addCommand(
    action('alter', "write offsets as they are given, in the form of Kafka Connect's REST")
      .argument('<connector>', 'name of the connector, which must be stopped')
      .requiredOption(
        '--json-file <file>',
        'what `offsets show --json` prints, changed; - for standard input',
      )
      .option('--force', FORCE_HELP)
      .action(async (connector: string, flags: AlterFlags) =>
        isAsked(flags)
          ? alterWorkerOffsets(await workerOf(flags), connector, flags)
          : alterOffsets(await storeOf(flags), connector, flags),
      ),
  );
  return offsets;
}

function action(name: string, description: string): Command {
  const url = new Option('--url <url>', 'a running worker that is asked instead of Kafka').conflicts([
    'worker',
    'force',
  ]);
  return withLogin(
    new Command(name)
      .description(description)
      .option(...WORKER)
      .addOption(url),
  )
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .showHelpAfterError(`(headrace offsets ${name} --help tells more)`)
    .exitOverride();
}

/** Whether a running worker is meant, which knows of the tasks what nobody else does. */
function isAsked(flags: Flags): flags is Flags & WorkerFlags {
  if (flags.url === undefined) requireNoLogin(flags);
  return flags.url !== undefined;
}

async function storeOf({ worker }: Flags): Promise<OffsetStore> {
  const config = await workerOption(worker);
  return offsetStoreOf(quietClient(config), config);
}

async function storeOrNewOf({ worker }: Flags, connector: string): Promise<OffsetStore> {
  const config = await workerOption(worker);
  return offsetStoreOrNewOf(quietClient(config), config, connector);
}
