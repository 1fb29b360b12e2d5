import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { LookoutContext, OffsetReader } from '../../plugin/index.ts';
import { TaskMetrics } from '../plugin-metrics/task-metrics.ts';
import { HeaderCheck } from '../stages/header-check.ts';
import { ReleaseStack } from './release-stack.ts';
import { createConverter, createParser, createSource, createStages } from './task-plugins.ts';
import { openTopics } from './task-topics.ts';

const NOTHING: OffsetReader = { offset: () => undefined, *find() {} };
const NOTHING_DONE = { offsets: NOTHING, forget() {}, fileState() {} };

/**
 * Makes all that a task begins with, and lets go of it: what is wrong with a feed is found out when it starts, though its task
 * may sleep until a file comes.
 *
 * @throws where the task might fail
 */
export async function rehearse(
  config: ConnectorConfig,
  client: KafkaClient,
  context: LookoutContext,
): Promise<void> {
  const releases = new ReleaseStack();
  const shared = { ...context, metrics: new TaskMetrics([], context.log) };
  try {
    const source = await createSource(config, { ...shared, ...NOTHING_DONE });
    releases.push(() => source.close?.());
    await createParser(config, shared);
    for (const stage of await createStages(config, shared)) releases.push(() => stage.close());
    await HeaderCheck.of(
      config,
      () => {},
      () => [],
    );
    await openTopics(client, config, false);
    await createConverter(config.keyConverter, 'key', shared);
    await createConverter(config.valueConverter, 'value', shared);
  } finally {
    await releases.releaseAll(() => {});
  }
}
