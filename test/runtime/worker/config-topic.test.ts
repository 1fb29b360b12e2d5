import { expect, test } from 'vitest';
import { loadWorkerConfig } from '../../../src/config/worker-file.ts';
import { ConfigTopic, OwnConfigRecords } from '../../../src/runtime/worker/config-topic.ts';
import { batchOf, bootstrapServers, startProducer, testClient, uniqueName } from '../../kafka/support.ts';

test('a worker that died while it wrote does not hold up the next one, and writes nothing more', async () => {
  const worker = await loadWorkerConfig(null, {
    HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers,
    HEADRACE_GROUP_ID: uniqueName('group'),
    HEADRACE_CONFIG_STORAGE_TOPIC: uniqueName('configs'),
  });
  const configs = new ConfigTopic(new OwnConfigRecords(testClient(), worker));
  await configs.keep('a', { name: 'a' }, 'STARTED');
  const dying = await startProducer({ transactionalId: `${worker.groupId}-configs` });
  dying.begin();
  await dying.send([{ topic: worker.configStorageTopic, partition: 0, batch: batchOf('half') }]);

  const stored = await new OwnConfigRecords(testClient(), worker).takeOver();
  expect([...stored.configs]).toEqual([['a', { name: 'a' }]]);
  await expect(dying.commit()).rejects.toMatchObject({ code: 'KAFKA_FENCED' });
});
