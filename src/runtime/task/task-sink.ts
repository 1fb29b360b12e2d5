import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { CommittedOffsets } from '../../offsets/committed-offsets.ts';
import { encodeOffsetKey, encodeOffsetValue, versionHeaders } from '../../offsets/offset-codec.ts';
import type { FileProgress, PluginLog, SourceFile, SourceOffset } from '../../plugin/index.ts';
import { isThenable, PluginFault, shownValue } from '../../plugin-calls/plugin-use.ts';
import { KafkaSink, type KafkaSinkOptions } from '../../sink/kafka-sink.ts';
import type { KnownTopic } from '../../sink/record-encoder.ts';
import { RecordTimes } from '../../sink/record-times.ts';
import { expiredText } from '../events/expired-text.ts';
import { ErrorPolicy } from '../stages/error-policy.ts';
import type { HeaderCheck } from '../stages/header-check.ts';
import { endOfFileRecord } from './end-of-file.ts';
import type { SharedContext } from './plugin-context.ts';
import type { TaskEnvironment } from './task-environment.ts';
import { createConverter, sourceUse } from './task-plugins.ts';
import { openTopics } from './task-topics.ts';

/** What a task has made of its own before its sink. */
export interface TaskParts
  extends Pick<
    KafkaSinkOptions,
    | 'producer'
    | 'offsetsTopic'
    | 'deadLetterFile'
    | 'onOffsets'
    | 'onCommitted'
    | 'onFileRejected'
    | 'targetOf'
  > {
  readonly offsets: CommittedOffsets;
  readonly headers: Pick<HeaderCheck, 'offsetOf'>;
}

/** The sink as the feed describes it. */
export async function createSink(
  { client, config, plan, refusals, traces }: TaskEnvironment,
  context: SharedContext,
  { offsets, headers, ...parts }: TaskParts,
): Promise<KafkaSink> {
  const { connector, taskId } = plan;
  const { topics, deadLetters, ends } = await openTopics(client, config, !offsets.isEmpty);
  return new KafkaSink({
    ...parts,
    topics,
    keyConverter: await createConverter(config.keyConverter, 'key', context),
    valueConverter: await createConverter(config.valueConverter, 'value', context),
    boundary: config.transaction.boundary,
    intervalMs: config.transaction.intervalMs,
    policy: new ErrorPolicy(config.errors),
    headersSource: config.headersSource,
    traceparentOf: (file) => (config.headersTraceparent ? (traces?.traceparentOf(file) ?? null) : null),
    times: recordTimes(config.expiredTimestamps, context.log),
    refusals,
    deadLetterTopic: deadLetters,
    deadLetterContent: config.errors.deadLetterContent,
    fileEnds:
      ends === null
        ? null
        : { ...ends, record: (entry) => endOfFileRecord({ connector, task: taskId }, entry) },
    origin: { connector, task: taskId },
    offsetRecord: ({ file, progress }, givenUp) => ({
      key: encodeOffsetKey(connector, file.partition),
      value: encodeOffsetValue({
        ...offsetOf(config, file, progress),
        ...headers.offsetOf(file),
        ...(givenUp && { failed: givenUp.reason }),
        ...(givenUp?.target && { target: givenUp.target }),
      }),
      headers: versionHeaders(offsets.nextVersion()),
    }),
  });
}

/** @throws PluginFault when the source gives none: what is stored would be no progress, or would take it away */
function offsetOf(config: ConnectorConfig, file: SourceFile, progress: FileProgress): SourceOffset {
  const offset: unknown = file.offsetAt(progress);
  if (typeof offset === 'object' && offset !== null && !Array.isArray(offset) && !isThenable(offset))
    return offset as SourceOffset;
  const what = `${file.path}: offsetAt gave ${shownValue(offset)}; expected an object with the offset to store`;
  throw new PluginFault(sourceUse(config), what);
}

/** Tells of old rows before the first of them is sent: what Kafka deletes later, nobody would tell. */
function recordTimes(expired: TaskEnvironment['config']['expiredTimestamps'], log: PluginLog): RecordTimes {
  const tell = (topic: KnownTopic, oldest: number) =>
    log.warn('rows are older than their topic keeps', {
      topic: topic.name,
      reason: expiredText(topic, oldest, expired),
    });
  return new RecordTimes(expired, tell);
}
