import { vi } from 'vitest';
import { entriesOf } from '../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../src/config/worker-config.ts';
import { RestApp } from '../../src/rest/rest-app.ts';
import { RestServer, type RestServerOptions } from '../../src/rest/rest-server.ts';

/** Every path that a worker answers GET on, as the router has it: `/connectors/:connector/tasks/:task(^\d+$)/status`. */
export async function getPaths(): Promise<string[]> {
  const json = vi.spyOn(RestApp.prototype, 'json');
  const get = vi.spyOn(RestApp.prototype, 'get');
  const { config } = parseWorkerConfig(
    entriesOf({ 'bootstrap.servers': '127.0.0.1:1', listeners: 'http://127.0.0.1:0' }, 'worker.yaml'),
    {},
  );
  // Nobody asks this worker: its answers need nothing.
  const herder = { events: { subscribe: () => () => {} }, connectors: new Map() };
  const nothing = () => {};
  const server = await RestServer.start({
    worker: config as WorkerConfig,
    herder: herder as unknown as RestServerOptions['herder'],
    files: {} as RestServerOptions['files'],
    expectations: { statuses: () => [] },
    cluster: null,
    loggers: { states: () => new Map(), setLevel: () => [] },
    ...{ feeds: [], version: '', onListening: nothing, onHiddenMetric: nothing, onStatusFailure: nothing },
    ...{ onMistake: nothing, onFault: nothing },
  });
  await server.close();
  const paths = [
    ...json.mock.calls.flatMap(([method, path]) => (method === 'GET' ? [path] : [])),
    ...get.mock.calls.map(([path]) => path),
  ];
  json.mockRestore();
  get.mockRestore();
  return paths.sort();
}
