import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { renderProblem } from '../../../src/config/read/problem.ts';
import { parseWorkerConfig } from '../../../src/config/worker-config.ts';
import { offlineWorker } from '../../../src/dry-run/offline-worker.ts';

function told(environment: Record<string, string>, written: Record<string, string> = {}) {
  const entries = entriesOf({ 'bootstrap.servers': 'a:1', ...written }, 'worker.yaml');
  const { config, problems } = parseWorkerConfig(entries, environment);
  return { problems: problems.map(renderProblem), warnings: config?.warnings ?? null };
}

const NOTHING = { problems: [], warnings: [] };

describe('a variable that is named as those of keys are, and sets none', () => {
  test.each([
    ['HEADRACE_LISTENER', 'HEADRACE_LISTENERS'],
    ['HEADRACE_BOOTSTRAP_SERVER', 'HEADRACE_BOOTSTRAP_SERVERS'],
    ['HEADRACE_BOOTSTRAPSERVERS', 'HEADRACE_BOOTSTRAP_SERVERS'],
    ['HEADRACE_REST_USER_FILE', 'HEADRACE_REST_USERS_FILE'],
    ['HEADRACE_rest_users_file', 'HEADRACE_REST_USERS_FILE'],
    ['HEADRACE_GROUP.ID', 'HEADRACE_GROUP_ID'],
    ['HEADRACE_VALUE_CONVERTR_SCHEMAS_ENABLE', 'HEADRACE_VALUE_CONVERTER_SCHEMAS_ENABLE'],
    ['HEADRACE_REST_ADVERTISD_PORT', 'HEADRACE_REST_ADVERTISED_PORT'],
  ])('is a mistake where it is nearly one: %s', (name, meant) => {
    expect(told({ [name]: '1' }).problems).toEqual([
      `${name}: unknown environment variable; did you mean ${meant}?`,
    ]);
  });

  test.each([
    ['HEADRACE_HOME', `sets no key of a worker; it counts only where ${'$'}{env:HEADRACE_HOME} names it`],
    ['HEADRACE_', `sets no key of a worker; it counts only where ${'$'}{env:HEADRACE_} names it`],
    ['HEADRACE_REST_PORT', 'means nothing here: listeners has the addresses to answer on'],
  ])("is told where it may be somebody else's: %s", (name, message) => {
    expect(told({ [name]: '/srv' })).toEqual({ problems: [], warnings: [`${name}: ${message}`] });
  });

  test.each([
    ['is set to nothing', { HEADRACE_LISTENER: '' }],
    ['is of a command', { HEADRACE_URL: 'http://a', HEADRACE_TOKEN: 't', HEADRACE_PASSWORD: 'p' }],
    ['is for a converter', { HEADRACE_VALUE_CONVERTER_SCHEMAS_ENABLE: 'true' }],
    [
      'is of a service in Kubernetes',
      {
        HEADRACE_PORT: 'tcp://10.0.0.1:8083',
        HEADRACE_PORT_8083_TCP: 'tcp://10.0.0.1:8083',
        HEADRACE_PORT_8083_TCP_ADDR: '10.0.0.1',
        HEADRACE_WORKERS_SERVICE_HOST: '10.0.0.1',
        HEADRACE_WORKERS_SERVICE_PORT: '8083',
        HEADRACE_WORKERS_SERVICE_PORT_REST: '8083',
      },
    ],
  ])('is passed over where it %s', (_, environment) => {
    expect(told(environment)).toEqual(NOTHING);
  });

  test('is passed over where the worker names it itself', () => {
    const written = { 'group.id': `a-${'$'}{env:HEADRACE_GROUPS_ID}` };
    expect(told({ HEADRACE_GROUPS_ID: 'x' }, written)).toEqual(NOTHING);
  });

  test('is the one mistake that is told where no worker is named', async () => {
    await expect(offlineWorker(null, { HEADRACE_LISTENER: 'x' })).rejects.toThrow(
      /^HEADRACE_LISTENER: unknown environment variable; did you mean HEADRACE_LISTENERS\?$/,
    );
  });
});
