import { join } from 'node:path';
import { javaCommand, QUICK_START } from './engine.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { type Artifact, fetchArtifact } from './maven.ts';

const S3_MOCK: Artifact = { group: 'com.adobe.testing', name: 's3mock', version: '5.2.0' };

/** The folder of its jar, fetched on first use and kept. */
export function fetchS3(): Promise<string> {
  return fetchArtifact(S3_MOCK, 'jar:exec', '30 MB');
}

/**
 * Starts an S3 server (Adobe's S3Mock). It takes any credentials and wants path-style addresses. Besides the port
 * on 127.0.0.1 that is given out it opens a second one on every interface, which no setting of its own prevents.
 */
export async function startS3(preferredPort?: number): Promise<HttpServer> {
  const jars = await fetchS3();
  return startHttpServer({
    name: 's3',
    preferredPort,
    command: javaCommand(),
    args: (port, folder) => [
      ...['-Xmx256m', ...QUICK_START, `-Djava.io.tmpdir=${folder}`],
      ...['-jar', join(jars, `${S3_MOCK.name}-exec.jar`)],
      ...[`--server.port=${port}`, '--server.address=127.0.0.1', '--server.ssl.enabled=false'],
      '--com.adobe.testing.s3mock.httpPort=0',
      `--com.adobe.testing.s3mock.store.root=${join(folder, 'buckets')}`,
    ],
    path: '',
    readyPath: '/',
  });
}
