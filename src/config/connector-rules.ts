import type { ConfigValues } from '../plugin/index.ts';
import type { CONNECTOR_OPTIONS } from './connector-definition.ts';
import { connectorNameMistake } from './connector-name.ts';
import type { ConnectorReader } from './connector-reader.ts';
import { parseErrorLimit } from './error-limit.ts';
import { labelNameMistake } from './metrics-labels.ts';
import { topicNameMistake } from './topic-name.ts';
import { replicationMistake } from './worker-config.ts';

type Options = ConfigValues<typeof CONNECTOR_OPTIONS>;
type Report = (key: string, message: string | null) => void;

/** Finds mistakes in a feed's own options that a format cannot. Options that are wrong in themselves are passed over. */
export function checkConnector(reader: ConnectorReader, options: Options): void {
  const wrong = new Set(reader.problems.map(({ key }) => key));
  const report: Report = (key, message) => {
    if (message !== null && !wrong.has(key)) reader.problem(key, message);
  };
  checkValues(options, report);
  checkTopics(options, report);
  // These rules are about several options at once: nothing follows while one of them is wrong.
  if (!ERROR_HANDLING.some((key) => wrong.has(key))) checkErrorHandling(options, report);
}

const ERROR_HANDLING = [
  'errors.tolerance',
  'errors.deadletterqueue.topic.name',
  'errors.deadletterqueue.file',
];

function checkValues(options: Options, report: Report): void {
  if (options.name !== null) report('name', connectorNameMistake(options.name));
  if (options.tasksMax === 0) report('tasks.max', 'expected at least 1, got 0');
  const { errorsMax, errorsRetryDelayMs, errorsRetryDelayMaxMs } = options;
  if (errorsMax !== null && parseErrorLimit(errorsMax) === null) {
    report('errors.max', `expected a number of rows or a share such as 1%, got ${JSON.stringify(errorsMax)}`);
  }
  if (errorsRetryDelayMs > errorsRetryDelayMaxMs) {
    const message = `expected at most errors.retry.delay.max.ms, ${errorsRetryDelayMaxMs}, got ${errorsRetryDelayMs}`;
    report('errors.retry.delay.ms', message);
  }
  if (options.transactionBoundaryIntervalMs === 0) {
    report('transaction.boundary.interval.ms', 'expected at least 1, got 0');
  }
  for (const label of Object.keys(options.metricsLabels)) {
    report(`metrics.labels.${label}`, labelNameMistake(label));
  }
}

function checkTopics(options: Options, report: Report): void {
  report(
    'errors.deadletterqueue.topic.replication.factor',
    replicationMistake(options.errorsDeadletterqueueTopicReplicationFactor),
  );
  const { errorsDeadletterqueueTopicName: topic } = options;
  if (topic !== null) report('errors.deadletterqueue.topic.name', topicNameMistake(topic));
}

function checkErrorHandling(options: Options, report: Report): void {
  const { errorsDeadletterqueueTopicName: topic, errorsDeadletterqueueFile: file, errorsMax } = options;
  if (options.errorsTolerance === 'all') {
    if (topic === null && file === null) {
      report(
        'errors.tolerance',
        'all without a dead-letter queue: bad rows would be dropped; set errors.deadletterqueue.topic.name or errors.deadletterqueue.file',
      );
    }
    return;
  }
  const message = 'has no effect while errors.tolerance is none; set errors.tolerance: all, or leave it out';
  if (topic !== null) report('errors.deadletterqueue.topic.name', message);
  if (file !== null) report('errors.deadletterqueue.file', message);
  if (errorsMax !== null) report('errors.max', message);
}
