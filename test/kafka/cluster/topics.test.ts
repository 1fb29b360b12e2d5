import { describe, expect, it } from 'vitest';
import { describeTopics } from '../../../src/kafka/cluster/topics.ts';
import { newTopic, testClient, uniqueName } from '../support.ts';

describe('describeTopics', () => {
  it('leaves out what does not exist', async () => {
    const topic = await newTopic();
    const described = await describeTopics(testClient(), [topic, uniqueName('missing')]);
    expect([...described.keys()]).toEqual([topic]);
    expect(described.get(topic)).toMatchObject({ cleanupPolicy: 'delete', maxMessageBytes: 1_048_588 });
  });
});
