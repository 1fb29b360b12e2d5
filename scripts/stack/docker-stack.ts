import { join } from 'node:path';
import type { StackWishes } from './java-stack.ts';
import { checkBackwardCompatibility } from './registry.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';
import { CHECKOUT, type StackServer, type StackState, writeState } from './state.ts';

const COMPOSE = ['compose', '--project-directory', CHECKOUT, '--file', join(CHECKOUT, 'docker-compose.yml')];

/** The services of docker-compose.yml and what their clients are given. */
const KAFKA: StackServer = { name: 'kafka', address: 'localhost:9092' };
const REGISTRY: StackServer = { name: 'registry', address: 'http://localhost:8081/apis/ccompat/v7' };
const S3: StackServer = { name: 's3', address: 'http://localhost:9090' };

/** Starts the services of docker-compose.yml that were asked for and waits until they are healthy. */
export async function raiseDockerStack(wishes: StackWishes): Promise<StackState> {
  if (wishes.brokers !== 1) {
    throw new StackError(
      'docker-compose.yml has one broker: set HEADRACE_STACK=java for three (Java 17+, Maven).',
    );
  }
  const servers = [KAFKA, ...(wishes.registry ? [REGISTRY] : []), ...(wishes.s3 ? [S3] : [])];
  await compose(['up', '--detach', '--wait', ...servers.map(({ name }) => name)]);
  if (wishes.registry) await checkBackwardCompatibility(REGISTRY.address);
  const state: StackState = {
    engine: 'docker',
    startedAt: new Date().toISOString(),
    bootstrapServers: KAFKA.address,
    ...(wishes.registry && { registryUrl: REGISTRY.address }),
    ...(wishes.s3 && { s3Endpoint: S3.address }),
    servers,
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
