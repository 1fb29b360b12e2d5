import { join } from 'node:path';
import { EXTRAS, type Extra } from './extras.ts';
import type { StackWishes } from './java-stack.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';
import { CHECKOUT, type StackServer, type StackState, writeState } from './state.ts';

const COMPOSE = [
  'compose',
  '--project-directory',
  CHECKOUT,
  '--file',
  join(CHECKOUT, 'scripts/stack/docker-compose.yml'),
];

const KAFKA: StackServer = { name: 'kafka', address: 'localhost:9092' };

/** Starts the services of docker-compose.yml that were asked for and waits until they are healthy. */
export async function raiseDockerStack(wishes: StackWishes): Promise<StackState> {
  if (wishes.brokers !== 1) {
    throw new StackError(
      'scripts/stack/docker-compose.yml has one broker: set HEADRACE_STACK=java for three (Java 17+, Maven).',
    );
  }
  const extras = wishes.extras.map((name) => ({ name, ...(EXTRAS[name] as Extra).docker }));
  await compose(['up', '--detach', '--wait', KAFKA.name, ...wishes.extras]);
  for (const { address, finish } of extras) await finish?.(address);
  const state: StackState = {
    engine: 'docker',
    startedAt: new Date().toISOString(),
    bootstrapServers: KAFKA.address,
    servers: [
      KAFKA,
      ...extras.map(({ name, address, login }) => ({ name, address, ...(login && { login }) })),
    ],
  };
  await writeState(state);
  return state;
}

/** The names of the services that run. */
export async function dockerServicesRunning(): Promise<string[]> {
  const services = await compose(['ps', '--services', '--status', 'running']);
  return services.split('\n').filter((name) => name !== '');
}

/** Removes the containers of docker-compose.yml with their data. */
export async function lowerDockerStack(): Promise<void> {
  await compose(['down', '--volumes']);
}

async function compose(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run('docker', [...COMPOSE, ...args]);
  if (code === 0) return stdout;
  throw new StackError(`docker compose ${args[0]} failed: ${stderr.trim()}`);
}
