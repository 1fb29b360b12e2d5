import type { ConnectorConfig } from '../../config/connector-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { Sleep } from '../../plugin/index.ts';
import type { Refusals } from '../../sink/refusals.ts';
import type { RuntimeEvent } from '../events/events.ts';
import type { BatchTap } from '../stages/transform-stream.ts';
import type { TaskTraces } from '../traces/task-traces.ts';
import type { Retries } from './retries.ts';
import type { TaskPlan } from './task-plan.ts';

export interface TaskEnvironment {
  readonly plan: TaskPlan;
  readonly config: ConnectorConfig;
  readonly client: KafkaClient;
  readonly publish: (event: RuntimeEvent) => void;
  /** Of what it does; null or not set where nobody traces. */
  readonly traces?: TaskTraces | null;
  /** Aborts when the task is to stop; what is under way is committed first. */
  readonly signal: AbortSignal;
  /** Tells of files that are to be tried again; not set where nobody asks for it. */
  readonly retries?: Retries;
  /** Looks at its rows; not set where nobody can ask to. */
  readonly tap?: BatchTap;
  /** By which it may sleep; not set where it must stay awake. */
  readonly sleep?: Sleep;
  /** Called when it has all that it needs, so that its source begins. */
  readonly onReading?: () => void;
  /** Outlives the task: what Kafka refused of the tasks before it in this thread. */
  readonly refusals: Refusals;
}
