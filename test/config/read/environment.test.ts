import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentName, namesBrokers } from '../../../src/config/read/environment.ts';
import { loadWorkerConfig } from '../../../src/config/worker-file.ts';
import { offlineWorker } from '../../../src/dry-run/offline-worker.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headrace-environment-')));
const file = join(folder, 'worker.yaml');
mkdirSync(join(folder, 'plugins'));
writeFileSync(
  file,
  'bootstrap.servers: a:1\nplugin.path: plugins\nvalue.converter.schemas.enable: true\nrequest.timeout.ms: 7\n',
);

describe('an environment variable', () => {
  test('has the name of its option, in capitals and with underscores', () => {
    expect(environmentName('bootstrapServers')).toBe('HEADRACE_BOOTSTRAP_SERVERS');
  });

  test('that is set to nothing leaves what the file says, whatever the format of the option', async () => {
    const environment = {
      HEADRACE_BOOTSTRAP_SERVERS: '',
      HEADRACE_PLUGIN_PATH: '',
      HEADRACE_REQUEST_TIMEOUT_MS: '',
      HEADRACE_VALUE_CONVERTER_SCHEMAS_ENABLE: '',
    };
    expect(await loadWorkerConfig(file, environment)).toEqual(await loadWorkerConfig(file, {}));
  });

  test('that is set to nothing leaves the default where no file says anything', async () => {
    const brokers = { HEADRACE_BOOTSTRAP_SERVERS: 'a:1' };
    const empty = { HEADRACE_GROUP_ID: '', HEADRACE_LOG_LEVEL: '', HEADRACE_TOPIC_CREATION_ENABLE: '' };
    expect(await loadWorkerConfig(null, { ...brokers, ...empty })).toEqual(
      await loadWorkerConfig(null, brokers),
    );
  });

  test.each([{}, { HEADRACE_BOOTSTRAP_SERVERS: '' }, { HEADRACE_BOOTSTRAP_SERVERS: undefined }])(
    'names no brokers in %j',
    async (environment) => {
      expect(namesBrokers(environment)).toBe(false);
      await expect(loadWorkerConfig(null, environment)).rejects.toThrow(
        'bootstrap.servers: is required but not set',
      );
      expect((await offlineWorker(null, environment)).bootstrapServers).toEqual(['localhost:9092']);
    },
  );

  test('of spaces alone is a mistake, not nothing', async () => {
    await expect(loadWorkerConfig(file, { HEADRACE_BOOTSTRAP_SERVERS: ' ' })).rejects.toThrow(
      'is required but empty',
    );
  });
});
