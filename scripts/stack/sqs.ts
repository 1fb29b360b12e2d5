import { javaCommand, QUICK_START } from './engine.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { fetchClassPath, type JarSet } from './maven.ts';

const VERSION = '1.6.14';
const ELASTIC_MQ: JarSet = {
  name: `elasticmq-${VERSION}`,
  artifacts: [{ group: 'org.elasticmq', name: 'elasticmq-server_2.13', version: VERSION }],
  size: '37 MB',
};

/** Its class path, fetched on first use and kept. */
export function fetchSqs(): Promise<string> {
  return fetchClassPath(ELASTIC_MQ);
}

/** Starts a server of queues (ElasticMQ) that speaks SQS. It takes any credentials. */
export async function startSqs(preferredPort?: number): Promise<HttpServer> {
  const classPath = await fetchSqs();
  return startHttpServer({
    name: 'sqs',
    preferredPort,
    command: javaCommand(),
    args: (port, folder) => [
      ...['-Xmx128m', ...QUICK_START, `-Djava.io.tmpdir=${folder}`],
      ...['-Drest-sqs.bind-hostname=127.0.0.1', `-Drest-sqs.bind-port=${port}`],
      ...['-Dnode-address.host=127.0.0.1', `-Dnode-address.port=${port}`, '-Drest-stats.enabled=false'],
      ...['-cp', classPath, 'org.elasticmq.server.Main'],
    ],
    path: '',
    readyPath: '/?Action=ListQueues',
  });
}
