import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { KafkaCluster } from '../../scripts/stack/cluster.ts';
import { startKafka } from '../../scripts/stack/kafka.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for the servers that all test files share. */
    readonly sharedServersUrl: string;
  }
}

/**
 * One Kafka broker for a whole `vitest run`, started when the first test file asks for it: a run of unit tests
 * alone starts nothing and needs neither Docker nor Java.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let kafka: Promise<KafkaCluster> | undefined;
  const server = createServer((_request, response) => {
    kafka ??= startKafka();
    kafka.then(
      ({ bootstrapServers }) => response.end(JSON.stringify({ bootstrapServers })),
      (error: Error) => response.writeHead(503).end(error.message),
    );
  });
  project.provide('sharedServersUrl', await listen(server));
  return async () => {
    server.close();
    server.closeAllConnections();
    await kafka?.then(
      (cluster) => cluster.stop(),
      () => {},
    );
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
