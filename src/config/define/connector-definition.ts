import { defineConfig } from '../../plugin/index.ts';

/** The options that every feed has, whatever its plugins; with Kafka Connect's names where Connect has one. */
export const CONNECTOR_OPTIONS = defineConfig({
  name: {
    doc: "The connector's name; its offsets are kept under it.",
    format: 'string',
    required: true,
  },
  connectorClass: {
    doc: 'Source connector to read with, such as directory.',
    format: 'string',
    required: true,
  },
  connectorPluginVersion: {
    doc: "Version that the connector's plugin must have, as Maven writes ranges: [1.0,2.0) or, for one alone, 1.0. Any when not set.",
    format: 'string',
    default: null,
  },
  tasksMax: {
    doc: 'Most tasks, each a thread of its own, to split the work into.',
    format: 'nat',
    default: 1,
  },
  placement: {
    doc:
      'Labels that a worker of a cluster must have to run this feed, comma-separated: zone=sydney, mount=drop1. Any worker ' +
      'when not set. A feed in a file runs where it is given.',
    format: 'list',
    default: [],
  },
  placementMarker: {
    doc:
      'A hidden file that a worker of a cluster must see to run this feed, such as /data/drop/.asx-drop: lay it into a folder ' +
      'that only some have, and the feed never starts where that is empty.',
    format: 'path',
    default: null,
  },
  transforms: {
    doc: 'Labels of the parser and then of the transformations, in the order they run, comma-separated.',
    format: 'list',
    required: true,
  },
  predicates: {
    doc: 'Labels of the predicates that transformations may name, comma-separated.',
    format: 'list',
    default: [],
  },
  keyConverter: {
    doc: "Converter for the keys; the worker's when not set.",
    format: 'string',
    default: null,
  },
  keyConverterPluginVersion: {
    doc: 'Version that it must have, as with connector.plugin.version.',
    format: 'string',
    default: null,
  },
  valueConverter: {
    doc: "Converter for the values; the worker's when not set.",
    format: 'string',
    default: null,
  },
  valueConverterPluginVersion: {
    doc: 'Version that it must have, as with connector.plugin.version.',
    format: 'string',
    default: null,
  },
  errorsTolerance: {
    doc: 'none stops the feed at the first bad row; all sends bad rows to the dead-letter queue.',
    format: ['none', 'all'],
    default: 'none',
  },
  errorsMax: {
    doc: 'Most bad rows before a file is given up: a number of rows, or a share of them such as 1%.',
    format: 'string',
    default: null,
  },
  errorsLogIncludeValues: {
    doc: 'Whether reasons of rejected rows show the rows\' values in the log, over REST and on a terminal (`price: expected a double, got "abc"`); false: only what they are (`got text of 3 characters`), and so are the values of records that `headrace tap` shows. The dead-letter queue has them, metrics never do.',
    format: 'boolean',
    default: true,
  },
  errorsDeadletterqueueTopicName: {
    doc: 'Topic for bad rows.',
    format: 'string',
    default: null,
  },
  errorsDeadletterqueueTopicReplicationFactor: {
    doc: "Replicas of that topic when it is created; -1 takes the broker's default.",
    format: 'int',
    default: -1,
  },
  errorsDeadletterqueueValue: {
    doc: 'What of a bad row stands beside its reason: row, its bytes as they are in the file; record, what the transformations had made of it by then, as JSON, and nothing of a row that could not be parsed; none, nothing.',
    format: ['row', 'record', 'none'],
    default: 'row',
  },
  errorsDeadletterqueueFile: {
    doc: 'CSV file for bad rows, instead of a topic or beside it.',
    format: 'path',
    default: null,
  },
  errorsDeadletterqueueFileEscapeFormulas: {
    doc: "Puts a ' before text in that file which a spreadsheet would take for a formula: it begins with =, +, -, @, a tab, a line end or a '. dlq replay takes it away.",
    format: 'boolean',
    default: false,
  },
  onHeaderChange: {
    doc: 'What to do with a file whose header is not that of the file before it, or of expect.columns: map, its columns are known by their names, in whatever order; fail, the task fails; quarantine, the file is given up, and the others go on.',
    format: ['map', 'fail', 'quarantine'],
    default: 'map',
  },
  expectColumns: {
    doc: 'The header that each file must have where on.header.change is not map: its columns in their order, comma-separated. Not set: that of the file that was loaded last, whichever task loaded it before this one started.',
    format: 'list',
    default: [],
  },
  headersSource: {
    doc: "What a record's headers say of where its row stands, beside headers of its own: none, nothing; row, one header file with path and row (`2026/trades.csv:17`); full, file.path, file.name, file.offset and file.row. Dead letters always say it in full.",
    format: ['none', 'row', 'full'],
    default: 'none',
  },
  headersTraceparent: {
    doc: "Whether a record's headers have traceparent, by which consumers go on with the trace of its file; only where an SDK of OpenTelemetry is registered.",
    format: 'boolean',
    default: false,
  },
  expiredTimestamps: {
    doc: "What becomes of a row whose record's time is longer ago than retention.ms (or message.timestamp.before.max.ms) of its topic, which would delete it soon: now gives the record the time of writing, keep leaves its time, reject rejects the row.",
    format: ['now', 'keep', 'reject'],
    default: 'now',
  },
  errorsRetryDelayMs: {
    doc: 'Milliseconds before the first restart of a task that failed; doubled each time.',
    format: 'nat',
    default: 1_000,
  },
  errorsRetryDelayMaxMs: {
    doc: 'Most milliseconds between two restarts of a task.',
    format: 'nat',
    default: 60_000,
  },
  transactionBoundary: {
    doc: 'When a transaction ends: after an interval, after each batch that was read, or at the end of each file.',
    format: ['interval', 'poll', 'file'],
    default: 'interval',
  },
  transactionBoundaryIntervalMs: {
    doc: 'Milliseconds that a transaction lasts when transaction.boundary is interval.',
    format: 'nat',
    default: 500,
  },
  exactlyOnceSupport: {
    doc: "Whether rows and offsets are written in transactions; the worker's exactly.once.source.support when not set.",
    format: ['enabled', 'disabled'],
    default: null,
  },
  topicCreationGroups: {
    doc: 'Groups of topics that are created in other ways than topic.creation.default says, comma-separated.',
    format: 'list',
    default: [],
  },
  producerOverrideCompressionType: {
    doc: 'Compression of what is sent to Kafka.',
    format: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    default: 'none',
  },
  endOfFileTopic: {
    doc: 'Topic for a record about each file that is delivered to its end, with its counts, written in the transaction of its last row; none when not set.',
    format: 'string',
    default: null,
  },
  expectBy: {
    doc: 'Time of the day, with its zone, by which files must have come, such as 18:00 Australia/Sydney. What has not come by then is told in the log, by headrace status, a metric and notify.url.',
    format: 'string',
    default: null,
  },
  expectDays: {
    doc: 'Days of the week on which they must, comma-separated, such as Mon-Fri or Mon,Wed; every day when not set.',
    format: 'list',
    default: [],
  },
  expectPattern: {
    doc: 'Which files: a glob for the name, or with a slash for the path; {yyyy}, {MM} and {dd} are the date of the day (`trades-{yyyy}{MM}{dd}.csv`). Every file of the feed when not set.',
    format: 'string',
    default: null,
  },
  expectFiles: {
    doc: 'How many of them.',
    format: 'nat',
    default: 1,
  },
  expectMinRows: {
    doc: 'Rows that each of them must have at least; one with fewer is told, and does not count.',
    format: 'nat',
    default: 0,
  },
  notifyUrl: {
    doc: 'Address that is sent a JSON object by POST when expected files are late, too small or come late, when a file is given up, and when a task is FAILED.',
    format: 'url',
    default: null,
    sensitive: true,
  },
  notifyAuthorization: {
    doc: 'The Authorization header that goes with it, such as Bearer and a token.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  metricsLabels: {
    doc: "Labels for the feed's metrics: metrics.labels.exchange: asx.",
    format: 'map',
    default: {},
  },
});

/** How topics are created, below `topic.creation.default.` and below `topic.creation.<group>.`. */
export const TOPIC_OPTIONS = defineConfig({
  partitions: {
    doc: "Partitions of a topic that is created; -1 takes the broker's default.",
    format: 'int',
    default: -1,
  },
  replicationFactor: {
    doc: "Replicas of a topic that is created; -1 takes the broker's default.",
    format: 'int',
    default: -1,
  },
});

/** Of a group, beside `TOPIC_OPTIONS`. What it does not say, `topic.creation.default` says. */
export const TOPIC_GROUP_OPTIONS = defineConfig({
  include: {
    doc: 'Topics of the group: regular expressions, each for a whole name, comma-separated. The first group that fits counts.',
    format: 'list',
    required: true,
  },
  exclude: {
    doc: 'Topics that are not of the group although include has them.',
    format: 'list',
    default: [],
  },
});

/** Headrace's own options of a transformation, beside those of its plugin. */
export const STAGE_OPTIONS = defineConfig({
  type: { doc: 'Plugin to use.', format: 'string', required: true },
  pluginVersion: {
    doc: 'Version that it must have, as with connector.plugin.version.',
    format: 'string',
    default: null,
  },
  predicate: {
    doc: 'Label of the predicate that a record must meet; other records pass unchanged.',
    format: 'string',
    default: null,
  },
  negate: {
    doc: 'Applies to the records that do not meet the predicate instead.',
    format: 'boolean',
    default: false,
  },
});

/** Headrace's own options of a parser or predicate. */
export const TYPE_OPTIONS = defineConfig({
  type: STAGE_OPTIONS.type,
  pluginVersion: STAGE_OPTIONS.pluginVersion,
});
