/**
 * Real servers for the quickstart and for trying things by hand:
 * `npm run stack -- up [--brokers 3] [--registry] [--s3] … [--json]`, `… status [--json]`, `… down`;
 * `… fetch` brings all that they need, once, so that later starts are quick.
 */
import { parseArgs } from 'node:util';
import { down, status, up } from './stack/commands.ts';
import { EXTRA_NAMES, EXTRAS, type ExtraName } from './stack/extras.ts';
import type { StackWishes } from './stack/java-stack.ts';
import { fetchKafka } from './stack/kafka.ts';
import { fetchLinters } from './stack/linters.ts';
import { StackError } from './stack/stack-error.ts';
import { exclusively, type StackState } from './stack/state.ts';

const USAGE = `Usage: npm run stack -- up [--brokers 1|3] ${EXTRA_NAMES.map((name) => `[--${name}]`).join(' ')} [--json] | status [--json] | down | fetch`;
const EXIT_UNUSABLE = 2;

interface Args extends StackWishes {
  readonly command: string;
  readonly json: boolean;
}

function readArgs(): Args {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        brokers: { type: 'string', default: '1' },
        json: flag,
        ...(Object.fromEntries(EXTRA_NAMES.map((name) => [name, flag])) as Record<ExtraName, typeof flag>),
      },
    });
    const { brokers, json } = values;
    if (brokers !== '1' && brokers !== '3') throw new StackError('--brokers must be 1 or 3.');
    if (positionals.length !== 1) throw new StackError('Expected one command.');
    const extras = EXTRA_NAMES.filter((name) => values[name]);
    return { command: positionals[0] as string, brokers: brokers === '3' ? 3 : 1, extras, json };
  } catch (error) {
    throw new StackError(`${(error as Error).message}\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const args = readArgs();
  switch (args.command) {
    case 'up': {
      const { state, already } = await exclusively(() => up(args));
      say(already ? `the stack runs already (${state.engine})` : `the stack is up (${state.engine})`);
      return args.json ? printJson(addresses(state)) : printAddresses(state);
    }
    case 'status': {
      const servers = await status();
      if (args.json) return printJson(servers);
      if (servers.length === 0) say('nothing is running');
      for (const { name, address, pid, running } of servers) {
        print(
          [
            name.padEnd(10),
            (running ? 'running' : 'gone').padEnd(8),
            String(pid ?? '').padEnd(8),
            address,
          ].join(' '),
        );
      }
      return;
    }
    case 'fetch':
      return fetchAll();
    case 'down':
      return say((await exclusively(down)) ? 'the stack is down' : 'nothing was running');
    default:
      throw new StackError(`Unknown command "${args.command}".\n${USAGE}`);
  }
}

/** One after the other, as each takes the whole machine. What this machine cannot have is told of and is no error. */
async function fetchAll(): Promise<void> {
  for (const fetch of [fetchKafka, ...Object.values(EXTRAS).map((extra) => extra.fetch), fetchLinters]) {
    await fetch().catch((error: Error) => {
      if (!(error instanceof StackError)) throw error;
      say(error.message);
    });
  }
}

function addresses({ engine, bootstrapServers, servers }: StackState): object {
  const extras = servers.flatMap(({ name, address, login }) =>
    name in EXTRAS
      ? [[EXTRAS[name as ExtraName].addressKey, address], ...(login ? [[`${name}Login`, login]] : [])]
      : [],
  );
  return { engine, bootstrapServers, ...Object.fromEntries(extras) };
}

function printAddresses({ bootstrapServers, servers }: StackState): void {
  print(bootstrapServers);
  for (const { name, address, login = {} } of servers.filter((server) => server.name in EXTRAS)) {
    print(address);
    for (const [what, value] of Object.entries(login)) say(`${name}: ${what} ${value}`);
  }
}

function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Words for people go to standard error: standard output is for what scripts read. */
function say(words: string): void {
  process.stderr.write(`stack: ${words}\n`);
}

// kafkajs sets timers to negative times, of which node warns on every run.
process.removeAllListeners('warning');

try {
  await main();
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  say(error.message);
  process.exitCode = EXIT_UNUSABLE;
}
