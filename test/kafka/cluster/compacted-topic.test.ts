import { describe, expect, it } from 'vitest';
import { requireCompacted } from '../../../src/kafka/cluster/compacted-topic.ts';
import { newTopic, testClient, uniqueName } from '../support.ts';

describe('requireCompacted', () => {
  it('takes a topic that is compacted and nothing else', async () => {
    const topic = await newTopic({ config: { 'cleanup.policy': 'compact' } });
    await requireCompacted(testClient(), topic, 'offset.storage.topic');
  });

  it.each(['delete', 'compact,delete'])('refuses cleanup.policy=%s and says what to do', async (policy) => {
    const topic = await newTopic({ config: { 'cleanup.policy': policy } });
    const attempt = requireCompacted(testClient(), topic, 'offset.storage.topic');
    await expect(attempt).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
    await expect(attempt).rejects.toThrow(
      new RegExp(`"${topic}" of offset.storage.topic has cleanup.policy=${policy}`),
    );
  });

  it('refuses a topic that does not exist', async () => {
    const attempt = requireCompacted(testClient(), uniqueName('missing'), 'status.storage.topic');
    await expect(attempt).rejects.toMatchObject({ code: 'TOPIC_INVALID' });
  });
});
