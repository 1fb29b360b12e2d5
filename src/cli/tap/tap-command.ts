import type { Command } from 'commander';
import { terminalOf } from '../../terminal/terminal.ts';
import { wholeNumber } from '../options.ts';
import { connectorPath } from '../remote/worker-client.ts';
import { type WorkerFlags, workerCommand, workerOf } from '../remote/worker-command.ts';
import { showTap } from './show-tap.ts';

interface TapFlags extends WorkerFlags {
  readonly stage?: string;
  readonly where?: string;
  readonly limit?: number;
  readonly color: boolean;
}

export function tapCommand(): Command {
  return workerCommand('tap', 'samples of the records of a running feed as they pass a stage, until Ctrl-C')
    .argument('<feed>', 'name of the feed')
    .option('--stage <name>', 'behind this stage, as preview names it (default: the last)')
    .option('--where <field=value>', 'only records whose field has this value')
    .option('--limit <n>', 'end after so many records', wholeNumber)
    .action(async (feed: string, flags: TapFlags) => {
      const { stage, where, limit = Number.POSITIVE_INFINITY, json, color } = flags;
      const query = new URLSearchParams({ ...(stage && { stage }), ...(where && { where }) });
      const path = connectorPath(feed, query.size === 0 ? 'tap' : `tap?${query}`);
      await showTap(await workerOf(flags), path, {
        feed,
        limit,
        terminal: json === true ? null : terminalOf(color),
        color,
      });
    });
}
