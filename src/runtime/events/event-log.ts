import type { FileState } from '../../plugin/index.ts';
import type { DayChange } from '../expectations/expected-feed.ts';
import type { ErrorReport, ExpectedFilesEvent, RuntimeEvent, TaskStateEvent } from './events.ts';

/** Which are no news for who reads a log: a folder may have thousands of files that wait. */
const FILE_LEVELS: { readonly [state in FileState]?: 'debug' | 'error' } = {
  SETTLING: 'debug',
  READY: 'debug',
  FAILED: 'error',
};

/** Who writes lines: a logger of pino's, or whoever shows them. */
export type EventWriter = Readonly<
  Record<
    'debug' | 'info' | 'warn' | 'error',
    (fields: Readonly<Record<string, unknown>>, message: string) => void
  >
>;

/** Writes each event as one line of the log: a short constant message, the facts as fields. */
export function logEvent(log: EventWriter, event: RuntimeEvent): void {
  switch (event.type) {
    case 'worker.waiting': {
      const { type: _, ...fields } = event;
      return log.warn(fields, 'waiting for Kafka');
    }
    case 'group.changed': {
      const { type: _, ...fields } = event;
      return log.info(fields, 'work of the group shared out');
    }
    case 'logger.level': {
      const { type: _, ...fields } = event;
      return log.info(fields, 'level of a logger set in the whole group');
    }
    case 'connector.changed':
      return log.info({ connector: event.connector }, `connector ${event.change}`);
    case 'connector.failed':
      return log.error({ connector: event.connector, error: loggedError(event.error) }, 'connector failed');
    case 'task.state': {
      const { type: _, error, ...fields } = event;
      return log[levelOf(event)](
        error === undefined ? fields : { ...fields, error: loggedError(error) },
        `task ${event.state.toLowerCase()}`,
      );
    }
    case 'file.state': {
      const { type: _, detail, ...fields } = event;
      const level = FILE_LEVELS[event.state] ?? 'info';
      return log[level]({ ...fields, ...detail }, `file ${event.state.toLowerCase()}`);
    }
    case 'files.expected':
      return event.change === null ? undefined : logExpected(log, event, event.change);
    case 'notification': {
      const { type: _, isLast, ...fields } = event;
      return isLast
        ? log.error(fields, 'notification given up')
        : log.warn(fields, 'notification not sent, trying again');
    }
    case 'files.forgotten': {
      const { type: _, files, ...fields } = event;
      return log.info({ ...fields, files: files.length }, 'files forgotten');
    }
    case 'transaction.committed': {
      const { type: _, ...fields } = event;
      return log.debug(fields, 'transaction committed');
    }
    case 'rows.rejected': {
      const { type: _, unserialized: __, examples, ...fields } = event;
      return log.warn({ ...fields, examples }, 'rows rejected');
    }
    case 'kafka.throttled': {
      const { type: _, begins, ...fields } = event;
      return log[begins ? 'warn' : 'debug'](fields, 'throttled by a quota of Kafka');
    }
    case 'log': {
      const { connector, task, level, message, fields } = event;
      return log[level]({ connector, task, ...fields }, message);
    }
    case 'plugin.metrics':
    case 'producer.told':
    // The log itself tells it, when it can.
    case 'log.lost':
      return;
  }
}

const EXPECTED: { readonly [change in DayChange]: readonly ['info' | 'warn' | 'error', string] } = {
  late: ['error', 'expected files are late'],
  tooSmall: ['error', 'expected file is too small'],
  came: ['info', 'expected files came'],
  cameLate: ['info', 'expected files came late'],
};

function logExpected(log: EventWriter, event: ExpectedFilesEvent, change: DayChange): void {
  const { connector, by, target, day, file, missing } = event;
  const [level, message] = EXPECTED[change];
  log[level]({ connector, by, target, ...day, ...file, missing }, message);
}

/** What is for metrics alone left out. */
function loggedError({ masked: _, ...error }: ErrorReport): Omit<ErrorReport, 'masked'> {
  return error;
}

function levelOf({ state, error }: TaskStateEvent): 'info' | 'warn' | 'error' {
  if (state === 'FAILED') return 'error';
  return state === 'RESTARTING' && error !== undefined ? 'warn' : 'info';
}
