import type { Command } from 'commander';
import { readConfigFile } from '../../config/read/config-file.ts';
import { invalidConfig } from '../../config/read/problem.ts';
import { HeadraceError } from '../../errors.ts';
import { type Column, textTable } from '../../terminal/text-table.ts';
import { print, printJson } from '../print.ts';
import { connectorPath, type WorkerAnswer, type WorkerClient } from './worker-client.ts';
import { type WorkerFlags, workerCommand, workerOf } from './worker-command.ts';

interface ConfigFlags extends WorkerFlags {
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly file?: string;
}

type Config = Readonly<Record<string, string>>;

const COLUMNS: readonly Column[] = [
  { title: 'key', align: 'left' },
  { title: 'value', align: 'left' },
];

/** What stands for a secret. */
const HIDDEN = '[hidden]';

export function configCommand(): Command {
  return workerCommand(
    'config',
    "a connector's configuration, secrets hidden; or change it, and restart it with that",
  )
    .argument('<connector>', 'name of the connector')
    .option('--set <key=value...>', 'give keys another value')
    .option('--unset <key...>', 'take keys away')
    .option('--file <feed>', 'put the configuration of this file in its place, or make a connector of it')
    .action(async (connector: string, flags: ConfigFlags) => {
      const change = changeOf(flags);
      const worker = await workerOf(flags);
      if (change === null) return showConfig(worker, connector, flags);
      const { method, sent } = change;
      tellChange(await worker.send(method, connectorPath(connector, 'config'), sent), connector, flags);
    });
}

async function showConfig(worker: WorkerClient, connector: string, { json }: ConfigFlags): Promise<void> {
  const config = (await worker.get(connectorPath(connector, 'config'))) as Config;
  if (json) printJson({ connector, config });
  else print(textTable(COLUMNS, Object.entries(config).sort(byKey)));
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

function changeOf({ set = [], unset = [], file }: ConfigFlags) {
  if (file !== undefined) {
    if (set.length + unset.length === 0) return { method: 'PUT', sent: configIn(file) } as const;
    throw new HeadraceError(
      'CONFIG_INVALID',
      '--file: expected it without --set and --unset, as it holds every key',
    );
  }
  const sent = Object.fromEntries([
    ...set.map(keyAndValue),
    ...unset.map((key): [string, null] => [key, null]),
  ]);
  return Object.keys(sent).length === 0 ? null : ({ method: 'PATCH', sent } as const);
}

function keyAndValue(text: string): [string, string] {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (key === '')
    throw new HeadraceError('CONFIG_INVALID', `--set: expected key=value, got ${JSON.stringify(text)}`);
  if (value === HIDDEN) throw hidden(`--set: ${key}`);
  return [key, value];
}

/** A feed as it is written: what its references stand for is found by the worker. */
function configIn(path: string): Config {
  const { config, problems } = readConfigFile(path);
  if (problems.length > 0) throw invalidConfig(problems);
  return Object.fromEntries(
    [...config.entries].map(([key, { text, line }]) => {
      if (text === HIDDEN) throw hidden(`${path}:${line}: ${key}`);
      return [key, text];
    }),
  );
}

function hidden(where: string): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `${where}: expected the secret, got ${HIDDEN}, which stands for it where it is shown; write it, or a reference to it such as \${env:NAME}`,
  );
}

function tellChange({ status, body }: WorkerAnswer, connector: string, { json }: ConfigFlags): void {
  const isNew = status === 201;
  const { config } = (body ?? {}) as { config?: Config };
  if (json) printJson({ connector, created: isNew, config });
  else print(`${connector}: ${isNew ? 'made' : 'changed'}\n`);
}
