import type { FastifyRequest } from 'fastify';
import { alterationsFrom } from '../offsets/alterations.ts';
import { byLeader } from './by-leader.ts';
import { jsonObject } from './json-body.ts';
import { namedConnector } from './named-connector.ts';
import type { JsonHandler, RestApp } from './rest-app.ts';
import { RestError } from './rest-error.ts';
import type { WorkerState } from './routes.ts';

/** How far each file is delivered: shown, changed, forgotten. */
export function addOffsetRoutes(app: RestApp, state: WorkerState): void {
  const { herder, health, files } = state;
  const changed = async (request: FastifyRequest, change: (name: string) => Promise<void>, what: string) => {
    health.requireStarted();
    const { name } = namedConnector(herder, request).config;
    request.waitingFor = `the end of the tasks of ${name}, or Kafka, to write its offsets`;
    const isDone = await herder.whileStopped(name, () => change(name));
    if (!isDone) throw notStopped(name);
    return { message: `The offsets for this connector have been ${what} successfully` };
  };
  app.json('GET', '/connectors/:connector/offsets', async (request) => {
    const { config } = namedConnector(herder, request);
    request.waitingFor = 'Kafka, to read the offsets';
    const offsets = await herder.offsets.of(config.name);
    return { offsets: offsets.map(({ partition, offset }) => ({ partition, offset })) };
  });
  const alteration: JsonHandler = (request) => {
    const { feed } = namedConnector(herder, request);
    const { offsets, ...others } = jsonObject(request);
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw new RestError(400, `expected offsets in the body, got ${unknown}`);
    if (!Array.isArray(offsets) || offsets.length === 0)
      throw new RestError(400, 'Partitions / offsets need to be provided for an alter offsets request');
    const { alterations, mistakes } = alterationsFrom({ offsets });
    if (mistakes.length > 0) throw new RestError(400, mistakes.join('\n'));
    // A connector of your own may tell what it reads apart by anything.
    const areFiles = feed?.config.source.modulePath === null;
    const stranger = areFiles ? alterations.findIndex(({ partition }) => !('file' in partition)) : -1;
    if (stranger !== -1) throw new RestError(400, `offsets[${stranger}]: ${EXPECTED_PARTITION}`);
    const alter = async (name: string) => {
      await herder.offsets.alter(name, alterations);
      for (const { partition, offset } of alterations)
        if (offset === null && typeof partition.file === 'string') files.forget(name, partition.file);
    };
    return changed(request, alter, 'altered');
  };
  app.json('PATCH', '/connectors/:connector/offsets', byLeader(state, alteration));
  app.json(
    'DELETE',
    '/connectors/:connector/offsets',
    byLeader(state, (request) =>
      changed(
        request,
        async (name) => {
          await herder.offsets.forget(name);
          files.forget(name, null);
        },
        'reset',
      ),
    ),
  );
}

const EXPECTED_PARTITION = 'partition: expected file and generation, as GET gives them';

function notStopped(name: string): RestError {
  return new RestError(
    400,
    'Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified ' +
      `connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
  );
}
