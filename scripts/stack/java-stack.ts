import type { KafkaCluster } from './cluster.ts';
import type { HttpServer } from './http-server.ts';
import { type JavaKafkaCluster, startJavaKafka } from './java-kafka.ts';
import { startRegistry } from './registry.ts';
import { startS3 } from './s3.ts';
import { type StackServer, type StackState, writeState } from './state.ts';

/** What `stack up` was asked for. */
export interface StackWishes {
  readonly brokers: 1 | 3;
  readonly registry: boolean;
  readonly s3: boolean;
}

interface JavaServers {
  readonly kafka: JavaKafkaCluster;
  readonly registry: HttpServer | undefined;
  readonly s3: HttpServer | undefined;
}

/* The ports of docker-compose.yml, so that the same addresses serve with either engine where they are free. */
const KAFKA_PORTS = [9092, 9094, 9096];
const REGISTRY_PORT = 8081;
const S3_PORT = 9090;

/**
 * Starts the servers and leaves them behind, with the state that tells `down` what to end. Until the state is
 * written they die with this process.
 */
export async function raiseJavaStack(wishes: StackWishes): Promise<StackState> {
  const servers = await startAll(wishes);
  const { kafka, registry, s3 } = servers;
  const state: StackState = {
    engine: 'java',
    startedAt: new Date().toISOString(),
    bootstrapServers: kafka.bootstrapServers,
    ...(registry && { registryUrl: registry.url }),
    ...(s3 && { s3Endpoint: s3.url }),
    servers: [...kafkaServers(kafka), ...httpServer('registry', registry), ...httpServer('s3', s3)],
  };
  await writeState(state);
  for (const server of [kafka, registry, s3]) server?.release();
  return state;
}

/** All at once; when one fails, those that started are stopped. */
async function startAll(wishes: StackWishes): Promise<JavaServers> {
  const [kafka, registry, s3] = await Promise.allSettled([
    startJavaKafka({ brokers: wishes.brokers, preferredPorts: KAFKA_PORTS }),
    wishes.registry ? startRegistry(REGISTRY_PORT) : undefined,
    wishes.s3 ? startS3(S3_PORT) : undefined,
  ]);
  if (kafka.status === 'fulfilled' && registry.status === 'fulfilled' && s3.status === 'fulfilled') {
    return { kafka: kafka.value, registry: registry.value, s3: s3.value };
  }
  const outcomes: ReadonlyArray<PromiseSettledResult<KafkaCluster | HttpServer | undefined>> = [
    kafka,
    registry,
    s3,
  ];
  await Promise.all(outcomes.map((each) => (each.status === 'fulfilled' ? each.value?.stop() : undefined)));
  throw outcomes.find((each) => each.status === 'rejected')?.reason;
}

function kafkaServers({ brokers, folder }: JavaKafkaCluster): StackServer[] {
  return brokers.flatMap(({ id, host, port, pid }) =>
    pid === undefined ? [] : [{ name: `kafka ${id}`, address: `${host}:${port}`, pid, folder }],
  );
}

function httpServer(name: string, server: HttpServer | undefined): StackServer[] {
  if (server?.pid === undefined) return [];
  return [{ name, address: server.url, pid: server.pid, folder: server.folder }];
}
