import { EXTRAS, type ExtraName, type ExtraServer } from './extras.ts';
import { type JavaKafkaCluster, startJavaKafka } from './java-kafka.ts';
import { type StackServer, type StackState, writeState } from './state.ts';

/** What `stack up` was asked for. */
export interface StackWishes {
  readonly brokers: 1 | 3;
  readonly extras: readonly ExtraName[];
}

/* Those of docker-compose.yml and more, so that the same address serves with either engine where it is free. */
const KAFKA_PORTS = [9092, 9094, 9096];

/**
 * Starts the servers and leaves them behind, with the state that tells `down` what to end. Until the state is
 * written they die with this process.
 */
export async function raiseJavaStack(wishes: StackWishes): Promise<StackState> {
  const [kafka, extras] = await startAll(wishes);
  const state: StackState = {
    engine: 'java',
    startedAt: new Date().toISOString(),
    bootstrapServers: kafka.bootstrapServers,
    servers: [
      ...kafkaServers(kafka),
      ...wishes.extras.map((name, index) => extraServer(name, extras[index] as ExtraServer)),
    ],
  };
  await writeState(state);
  kafka.release();
  for (const { server } of extras) server.release();
  return state;
}

/** All at once; when one fails, those that started are stopped. */
async function startAll(wishes: StackWishes): Promise<[JavaKafkaCluster, ExtraServer[]]> {
  const [kafka, ...extras] = await Promise.allSettled([
    startJavaKafka({ brokers: wishes.brokers, isOptimised: true, preferredPorts: KAFKA_PORTS }),
    ...wishes.extras.map((name) => EXTRAS[name].start()),
  ]);
  const failed = [kafka, ...extras].find((each) => each.status === 'rejected');
  const started = extras.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (!failed && kafka.status === 'fulfilled') return [kafka.value, started];
  if (kafka.status === 'fulfilled') await kafka.value.stop();
  await Promise.all(started.map(({ server }) => server.stop()));
  throw failed?.reason;
}

function kafkaServers({ brokers, folder }: JavaKafkaCluster): StackServer[] {
  return brokers.flatMap(({ id, host, port, pid }) =>
    pid === undefined ? [] : [{ name: `kafka ${id}`, address: `${host}:${port}`, pid, folder }],
  );
}

function extraServer(name: ExtraName, { address, login, server }: ExtraServer): StackServer {
  const { pid, folder } = server;
  return { name, address, folder, ...(pid !== undefined && { pid }), ...(login && { login }) };
}
