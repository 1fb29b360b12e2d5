import type { FastifyRequest } from 'fastify';
import type { FileStatus } from '../offsets/file-status.ts';
import type { GivenUpFile } from '../plugin/index.ts';
import type { ManagedConnector } from '../runtime/worker/managed-connector.ts';
import { byLeader } from './by-leader.ts';
import { jsonObject } from './json-body.ts';
import { MISSING, namedConnector } from './named-connector.ts';
import type { JsonHandler, RestApp } from './rest-app.ts';
import { RestError } from './rest-error.ts';
import type { WorkerState } from './routes.ts';

/** What has become of each file, which are expected, and another try with those that were given up; beyond Kafka Connect. */
export function addFileRoutes(app: RestApp, state: WorkerState): void {
  const { herder, health, files, statuses, viewers, group } = state;
  app.json('GET', '/expectations', (request) => {
    request.waitingFor = 'the other workers of the group';
    return viewers.expectations();
  });
  app.json('GET', '/connectors/:connector/files', async (request) => {
    const { config, file } = namedConnector(herder, request);
    const { name } = config;
    if (file === null) await group?.askReading(name);
    request.waitingFor = 'Kafka, to read the states of files';
    return files.filesOf(name);
  });
  /** By what this worker tells, which is what whoever asks has seen: its leader may not have heard of it yet. */
  const choose = async (request: FastifyRequest): Promise<Chosen> => {
    const connector = namedConnector(herder, request, MISSING.restart);
    const paths = pathsIn(jsonObject(request));
    requireStarted(connector);
    const { name } = connector.config;
    request.waitingFor = 'Kafka, to read the states of files';
    const failed = connector.tasks.flatMap(({ plan, state }) => {
      const told = statuses.taskElsewhere(connector, plan.taskId)?.state ?? state;
      return told === 'FAILED' ? plan.taskId : [];
    });
    return chosenFor(name, { known: await files.filesOf(name), failed }, paths);
  };
  const retry: JsonHandler = async (request, reply) => {
    health.requireStarted();
    const { config } = namedConnector(herder, request, MISSING.restart);
    const { again, tasks } = request.isForwarded ? chosenIn(jsonObject(request)) : await choose(request);
    await herder.retry(config.name, again, tasks);
    reply.code(202);
    return { files: again.map(({ path }) => path), tasks };
  };
  const sent = async (request: FastifyRequest) => Buffer.from(JSON.stringify(await choose(request)));
  app.json('POST', '/connectors/:connector/files/retry', byLeader(state, retry, sent));
}

/** What another worker of the group has chosen. */
function chosenIn({ again, tasks }: Readonly<Record<string, unknown>>): Chosen {
  if (Array.isArray(again) && Array.isArray(tasks)) return { again, tasks: tasks.map(Number) };
  throw new RestError(
    409,
    'a worker of another version has sent this on to the leader; ask the leader itself',
  );
}

/** null: all that were given up. */
function pathsIn({ files, ...others }: Readonly<Record<string, unknown>>): readonly string[] | null {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new RestError(400, `expected files in the body, got ${unknown}`);
  if (files === undefined) return null;
  const arePaths = Array.isArray(files) && files.every((path) => typeof path === 'string');
  if (arePaths) return files;
  throw new RestError(
    400,
    'files: expected an array of paths, as GET /connectors/{connector}/files gives them',
  );
}

function requireStarted({ target, config, tasks }: ManagedConnector): void {
  if (target === 'STARTED' && tasks.length > 0) return;
  if (target === 'STARTED')
    throw new RestError(409, `${config.name} has no tasks yet; ask again when its status shows them`);
  throw new RestError(
    409,
    `${config.name} is ${target}; resume it: its tasks look at what failed once more as they begin`,
  );
}

interface Chosen {
  readonly again: readonly GivenUpFile[];
  /** Numbers of tasks that have failed, and begin once more. */
  readonly tasks: readonly number[];
}

function chosenFor(
  name: string,
  { known, failed }: { readonly known: readonly FileStatus[]; readonly failed: readonly number[] },
  paths: readonly string[] | null,
): Chosen {
  if (paths === null) {
    return { again: known.filter(({ state }) => state === 'FAILED').map(givenUp), tasks: failed };
  }
  const found = paths.map((path) => known.find(({ file }) => file === path) ?? unknownFile(name, path));
  const isHeldUp = ({ task, state }: FileStatus) =>
    task !== null && failed.includes(task) && !DONE.includes(state);
  for (const status of found) if (!isHeldUp(status)) requireGivenUp(status);
  const tasks = new Set(found.filter(isHeldUp).map(({ task }) => task as number));
  return {
    again: found.filter(({ state }) => state === 'FAILED' || state === 'QUARANTINED').map(givenUp),
    tasks: [...tasks],
  };
}

const DONE: readonly FileStatus['state'][] = ['COMPLETED', 'SKIPPED', 'QUARANTINED', 'IGNORED'];

function givenUp({ file, state, target }: FileStatus): GivenUpFile {
  return { path: file, target: state === 'QUARANTINED' ? target : null };
}

function requireGivenUp({ file, state }: FileStatus): void {
  if (state === 'FAILED' || state === 'QUARANTINED') return;
  throw new RestError(
    409,
    `${file} is ${state}; only what is FAILED or QUARANTINED, or waits for a task that has failed, can be tried again`,
  );
}

function unknownFile(connector: string, path: string): never {
  throw new RestError(404, `${connector} has met no file ${JSON.stringify(path)}`);
}
