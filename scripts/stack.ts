/**
 * Real servers for the quickstart and for trying things by hand:
 * `npm run stack -- up [--brokers 3] [--registry] [--s3] [--json]`, `… status [--json]`, `… down`.
 */
import { parseArgs } from 'node:util';
import { down, status, up } from './stack/commands.ts';
import { StackError } from './stack/stack-error.ts';
import { exclusively, type StackState } from './stack/state.ts';

const USAGE =
  'Usage: npm run stack -- up [--brokers 1|3] [--registry] [--s3] [--json] | status [--json] | down';
const EXIT_UNUSABLE = 2;

function readArgs(): { command: string; brokers: 1 | 3; registry: boolean; s3: boolean; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        brokers: { type: 'string', default: '1' },
        registry: { type: 'boolean', default: false },
        s3: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { brokers, ...flags } = values;
    if (brokers !== '1' && brokers !== '3') throw new StackError('--brokers must be 1 or 3.');
    if (positionals.length !== 1) throw new StackError('Expected one command.');
    return { command: positionals[0] as string, brokers: brokers === '3' ? 3 : 1, ...flags };
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
    case 'down':
      return say((await exclusively(down)) ? 'the stack is down' : 'nothing was running');
    default:
      throw new StackError(`Unknown command "${args.command}".\n${USAGE}`);
  }
}

function addresses({ engine, bootstrapServers, registryUrl, s3Endpoint }: StackState): object {
  return { engine, bootstrapServers, registryUrl, s3Endpoint };
}

function printAddresses({ bootstrapServers, registryUrl, s3Endpoint }: StackState): void {
  print(bootstrapServers);
  if (registryUrl) print(registryUrl);
  if (s3Endpoint) print(s3Endpoint);
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
