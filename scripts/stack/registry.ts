import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { javaCommand, QUICK_START } from './engine.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { type Artifact, fetchArtifact } from './maven.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

const APICURIO: Artifact = { group: 'io.apicurio', name: 'apicurio-registry-app', version: '2.6.13.Final' };

/** The folder of its jars, fetched on first use and kept. */
export function fetchRegistry(): Promise<string> {
  return fetchArtifact(APICURIO, 'tar.gz:all', '150 MB', unpack);
}

/**
 * Starts a schema registry that speaks Confluent's protocol: Apicurio Registry 2, the newest line that runs on
 * Java 17. Subjects are checked for BACKWARD compatibility unless they say otherwise, as with Confluent's own.
 */
export async function startRegistry(preferredPort?: number): Promise<HttpServer> {
  const jars = await fetchRegistry();
  const server = await startHttpServer({
    name: 'registry',
    preferredPort,
    command: javaCommand(),
    args: (port, folder) => [
      ...['-Xmx256m', ...QUICK_START],
      `-Djava.io.tmpdir=${folder}`,
      `-Dquarkus.http.port=${port}`,
      '-Dquarkus.http.host=127.0.0.1',
      // Without it the same schema with other white space gets a new id.
      '-Dregistry.ccompat.use-canonical-hash=true',
      ...['-jar', join(jars, `${APICURIO.name}-${APICURIO.version}-runner.jar`)],
    ],
    path: '/apis/ccompat/v7',
    readyPath: '/subjects',
  });
  try {
    await checkBackwardCompatibility(server.url);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Sets the compatibility level of the registry at `url` to BACKWARD; Apicurio's own is NONE. */
export async function checkBackwardCompatibility(url: string): Promise<void> {
  const response = await fetch(`${url}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ compatibility: 'BACKWARD' }),
  });
  const answer = await response.text();
  if (!response.ok) {
    throw new StackError(`The registry refused its compatibility level: ${response.status} ${answer}`);
  }
}

async function unpack(folder: string): Promise<void> {
  const archive = join(folder, `${APICURIO.name}-all.tar.gz`);
  const { code, stderr } = await run('tar', ['-xzf', archive, '-C', folder]);
  if (code !== 0) throw new StackError(`The registry's archive could not be unpacked: ${stderr.trim()}`);
  await rm(archive);
}
