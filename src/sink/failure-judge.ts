import { HeadraceError } from '../errors.ts';
import { ProtocolFailure } from '../kafka/connection/errors.ts';
import { RecordsRefused } from '../kafka/producer/refused-batch.ts';
import { isError } from '../kafka/protocol/error-codes.ts';
import type { SourceFile } from '../plugin/index.ts';
import type { OwnTimes } from './own-times.ts';
import type { Refusals } from './refusals.ts';

/** What brokers answer to one who goes by what a topic was before. */
const OUTDATED = ['UNKNOWN_TOPIC_OR_PARTITION', 'MESSAGE_TOO_LARGE'] as const;

export interface SinkKnowledge {
  /** Rows that were sent of each file whose rows may be on their way. */
  readonly rowsOf: ReadonlyMap<SourceFile, number>;
  readonly ownTimes: OwnTimes;
  readonly refusals: Refusals;
  /** Topics with records that are no rows. */
  readonly ownTopics: readonly (string | undefined)[];
}

/**
 * What an error of a send or commit means. Rows that Kafka refused are known from now on, so that the next try goes on
 * without them; with nothing to learn, or for a record that is no row's, the refusal is an error like any other. One for
 * the time that this machine gave is no row's fault.
 */
export function judgeFailure(
  error: unknown,
  { rowsOf, ownTimes, refusals, ownTopics }: SinkKnowledge,
): unknown {
  if (!(error instanceof RecordsRefused)) return passing(error);
  const { batches, clockError } = ownTimes.judge(error.batches);
  if (clockError !== null) return clockError;
  const ofOwn = batches.find(({ topic }) => ownTopics.includes(topic));
  if (ofOwn !== undefined) return passing(ofOwn.error);
  return refusals.learn(batches, rowsOf) ? error : error.cause;
}

/**
 * A topic that was looked up may have been deleted, made anew with fewer partitions, or be allowed smaller batches by now:
 * another try, which asks anew, may help, or tells what is missing.
 */
function passing(error: unknown): unknown {
  if (!(error instanceof ProtocolFailure) || !isError(error.errorCode, ...OUTDATED)) return error;
  const message = `${error.message} It may have changed since it was looked up; the task starts again and asks anew.`;
  return new HeadraceError('KAFKA_UNAVAILABLE', message, { cause: error });
}
