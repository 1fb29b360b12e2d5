/**
 * Every error that Headrace raises on purpose, by code. `retriable` says whether trying again, with nothing
 * changed by a person, may succeed; the restart policy reads it.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: { retriable: false, meaning: 'a configuration file or value is wrong' },
  PLUGIN_INVALID: {
    retriable: false,
    meaning: 'a plugin is missing or does not have the shape it must have',
  },
  PLUGIN_FAILED: {
    retriable: false,
    meaning: 'a plugin threw where it must not, gave what it must not, or did not come back',
  },
  SOURCE_UNREADABLE: { retriable: true, meaning: 'a file or folder could not be read or moved' },
  SOURCE_CHANGED: { retriable: true, meaning: 'a file changed while it was being read' },
  SOURCE_REAPPEARED: {
    retriable: false,
    meaning: 'a file came again under its name and on.reappear is fail',
  },
  SOURCE_MALFORMED: { retriable: false, meaning: 'a file cannot be parsed at all' },
  COLUMNS_MISSING: { retriable: false, meaning: 'a file lacks columns without which no row of it can pass' },
  COLUMNS_UNKNOWN: {
    retriable: false,
    meaning: 'a file has columns that the schema of its feed does not know, and new.columns is refused',
  },
  HEADER_CHANGED: {
    retriable: false,
    meaning: 'a file has another header than the one before it, and on.header.change is not map',
  },
  RECORD_REJECTED: { retriable: false, meaning: 'a row was rejected and errors.tolerance is none' },
  ERROR_BUDGET_EXCEEDED: { retriable: false, meaning: 'more rows were rejected than errors.max allows' },
  DEAD_LETTER_FAILED: {
    retriable: true,
    meaning: 'a rejected row could not be written to the dead-letter queue',
  },
  ROWS_UNACCOUNTED: { retriable: false, meaning: 'read = produced + filtered + rejected did not hold' },
  KAFKA_UNAVAILABLE: { retriable: true, meaning: 'Kafka did not answer, or answered with a passing error' },
  KAFKA_DENIED: {
    retriable: false,
    meaning: 'Kafka refused for want of a permission or by its configuration',
  },
  KAFKA_FENCED: { retriable: false, meaning: 'another producer has taken over the transactional id' },
  OFFSETS_LOST: {
    retriable: false,
    meaning: 'the topic in which the offsets of a connector were is gone, or is another one now',
  },
  TOPIC_INVALID: { retriable: false, meaning: 'a topic is missing or is not set up as it must be' },
  REGISTRY_UNAVAILABLE: {
    retriable: true,
    meaning: 'the schema registry did not answer, or answered with a passing error',
  },
  SCHEMA_REFUSED: {
    retriable: false,
    meaning: 'the schema registry does not take or does not know a schema',
  },
  WORKER_UNAVAILABLE: {
    retriable: true,
    meaning: 'a running worker did not answer over REST, or could not do what it was asked now',
  },
  NOT_LEADER: {
    retriable: true,
    meaning:
      'a worker was asked what the leader of its group alone does, and it does not lead, or not any more',
  },
  TASK_DIED: { retriable: true, meaning: 'the thread of a task ended without a word' },
} as const satisfies Record<string, { retriable: boolean; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface HeadraceErrorOptions {
  /** The error below this one. */
  readonly cause?: unknown;
  /** Overrides the code's own answer. */
  readonly retriable?: boolean;
  /** A folder that is missing: trying again helps once it is there, and not before. */
  readonly awaits?: string;
  /** The message without values of rows, for metrics. */
  readonly masked?: string;
}

/**
 * An error whose message is written for the person who must mend it: what was expected, what came, what to do.
 */
export class HeadraceError extends Error {
  override readonly name = 'HeadraceError';
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly awaits: string | undefined;
  readonly masked: string | undefined;

  constructor(code: ErrorCode, message: string, options: HeadraceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retriable = options.retriable ?? ERROR_CODES[code].retriable;
    this.awaits = options.awaits;
    this.masked = options.masked;
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
