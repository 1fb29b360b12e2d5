import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeContainers, runContainer } from './docker-containers.ts';
import { GCS_READY_PATH, GCS_VERSION, gcsArgs } from './gcs.ts';
import { answers, type HttpServer } from './http-server.ts';
import { freePorts } from './ports.ts';
import { StackError } from './stack-error.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 150;

/** Starts the server of gcs.ts in a container, which ends with this process. */
export async function startDockerGcs(): Promise<Pick<HttpServer, 'url' | 'stop'>> {
  const [port] = (await freePorts(1)) as [number];
  const name = `headrace-gcs-${randomBytes(6).toString('hex')}`;
  const url = `http://127.0.0.1:${port}`;
  const stop = () => removeContainers([name]);
  const published = ['--publish', `127.0.0.1:${port}:${port}`];
  await runContainer(name, [
    ...published,
    `fsouza/fake-gcs-server:${GCS_VERSION}`,
    ...gcsArgs('0.0.0.0', port),
  ]);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(`${url}${GCS_READY_PATH}`))) {
    if (Date.now() > deadline) {
      await stop();
      throw new StackError(`The gcs server did not start in its container within ${START_TIMEOUT_MS} ms.`);
    }
    await sleep(POLL_MS);
  }
  return { url, stop };
}
