/*
 * Which place of the tree may import which: what is not said here fails the lint (`.dependency-cruiser.mjs`), and so does
 * a folder that is no place. A place may import its own modules and those places above it that it names, so no two
 * import each other. `node scripts/docs.ts` writes the table in ARCHITECTURE.md from it.
 */

export interface Place {
  /** A folder with all below it that is no place of its own, or one module. */
  readonly path: string;
  /** What lives there. */
  readonly holds: string;
  /** Folders with all below them, and modules; `*` stands for a part of a name. */
  readonly imports: readonly string[];
  /** From npm; no other place may. */
  readonly packages?: readonly string[];
  /** Of what would surprise. */
  readonly because?: string;
}

const COMPILED = '#kernels/';
/** How a kernel's words lie in memory. The rest of a kernel is AssemblyScript, which only its compiler understands. */
const LAYOUTS = ['kernels/*/*layout.ts', 'kernels/lib/sizes.ts'];
/** What built-in plugins see. */
const FACES = ['src/plugin/index.ts', 'src/rows/index.ts', 'src/values/'];

export const PLACES: readonly Place[] = [
  {
    path: 'src/errors.ts',
    holds: 'every error by code, and whether trying again may help',
    imports: [],
  },
  {
    path: 'src/own-modules.ts',
    holds: "where Headrace's own modules are, in the sources and as built",
    imports: [],
  },
  {
    path: 'src/tls/',
    holds: 'certificates of clients: their PEM files, and what servers have against them',
    imports: ['src/errors.ts'],
  },
  {
    path: 'src/terminal/',
    holds: 'width, colours, tables and figures; text that cannot steer a terminal',
    imports: [],
  },
  {
    path: 'src/plugin/',
    holds: 'the contract that authors of plugins see: kinds of plugins, options, context, records',
    imports: ['src/errors.ts'],
    because: 'an author reads it without the engine',
  },
  {
    path: 'src/values/',
    holds: 'values of records and their texts',
    imports: ['src/errors.ts', 'src/plugin/'],
  },
  {
    path: 'kernels/',
    holds: 'the row path in AssemblyScript, and the layout of each kernel, which both sides read',
    imports: [],
  },
  {
    path: 'src/rows/',
    holds: 'batches of rows, their cells and memory; the internal face for built-in plugins',
    imports: ['src/errors.ts', 'src/plugin/', 'src/values/', ...LAYOUTS],
  },
  {
    path: 'connectors/files/',
    holds: 'what connectors that read files share',
    imports: FACES,
    packages: ['@node-rs/crc32', 'xz-decompress', 'yauzl'],
  },
  {
    path: 'connectors/directory/',
    holds: 'files that are dropped into a folder',
    imports: [...FACES, 'connectors/files/'],
    packages: ['chokidar'],
  },
  {
    path: 'connectors/s3/',
    holds: 'objects in buckets of S3',
    imports: [...FACES, 'connectors/files/'],
    packages: ['@aws-sdk/client-s3', '@aws-sdk/client-sqs', '@aws-sdk/credential-providers'],
    because: 'the SDK is loaded only when a bucket is named: nobody else needs it',
  },
  {
    path: 'connectors/gcs/',
    holds: 'objects in buckets of Google Cloud Storage',
    imports: [...FACES, 'connectors/files/'],
    packages: ['@google-cloud/storage'],
    because: 'the SDK is loaded only when a feed or URL names it',
  },
  {
    path: 'connectors/azure-blob/',
    holds: 'blobs in containers of Azure Blob Storage',
    imports: [...FACES, 'connectors/files/'],
    packages: ['@azure/storage-blob', '@azure/identity'],
    because: 'the SDKs are loaded only when a feed or URL names them',
  },
  {
    path: 'connectors/sftp/',
    holds: 'files that are dropped into a folder of an SFTP server',
    imports: [...FACES, 'connectors/files/'],
    packages: ['ssh2'],
    because: 'the package is loaded only when a feed or URL names it',
  },
  {
    path: 'connectors/inputs/',
    holds: 'files that paths, URLs and globs of both name, and the stores that URLs are in',
    imports: [
      ...FACES,
      'connectors/files/',
      'connectors/s3/',
      'connectors/gcs/',
      'connectors/azure-blob/',
      'connectors/sftp/',
    ],
  },
  {
    path: 'connectors/local/',
    holds: 'files that are there',
    imports: [...FACES, 'connectors/files/', 'connectors/inputs/'],
  },
  {
    path: 'transforms/shared/',
    holds: 'what transformations share: rows and their schemas, fields that are added',
    imports: FACES,
  },
  {
    path: 'transforms/connect/',
    holds: "Connect's own transformations and predicates",
    imports: [...FACES, 'transforms/shared/'],
  },
  {
    path: 'transforms/text/',
    holds: 'what parsers of text share: encodings, lines, rows that wait for their rest',
    imports: [...FACES, COMPILED, ...LAYOUTS],
  },
  ...transformation('csv', 'delimited text to rows', { imports: ['transforms/text/'] }),
  ...transformation('fixed-width', 'lines to cells at fixed places', { imports: ['transforms/text/'] }),
  ...transformation('jsonl', 'lines of JSON to cells', { imports: ['transforms/text/'] }),
  ...transformation('lines', 'lines to rows of one cell', { imports: ['transforms/text/'] }),
  ...transformation('schema', 'types of fields, checked', {
    imports: ['transforms/shared/', COMPILED, ...LAYOUTS],
  }),
  ...transformation('route', 'topic, key and partition of a row', { imports: ['transforms/shared/'] }),
  ...transformation('lookup', 'fields from a table of reference', {
    imports: ['transforms/shared/'],
    packages: ['csv-parse'],
  }),
  ...transformation('constants', 'fields that are the same in all rows', { imports: ['transforms/shared/'] }),
  ...transformation('source', "fields of the row's file", {
    imports: ['transforms/shared/'],
  }),
  ...transformation('field', 'a predicate: what the value of a field is', {
    imports: ['transforms/shared/'],
  }),
  ...transformation('select', 'which fields rows have, in which order', { imports: ['transforms/shared/'] }),
  ...transformation('set', 'fields that are made of others', { imports: ['transforms/shared/'] }),
  ...transformation('split', 'one field to several', { imports: ['transforms/shared/'] }),
  ...transformation('unpivot', 'fields to records', { imports: ['transforms/shared/'] }),
  ...transformation('sequence', 'numbers that count rows', {
    imports: ['transforms/shared/'],
  }),
  {
    path: 'src/converters/',
    holds:
      'rows to bytes: `json`, `avro`, `json-schema`, `string`, `bytes`; the client of the schema registry',
    imports: [...FACES, 'src/tls/', COMPILED, ...LAYOUTS],
    packages: ['@kafkajs/confluent-schema-registry'],
  },
  {
    path: 'src/config/read/',
    holds: 'files to flat maps with the position of each key',
    imports: ['src/errors.ts', 'src/plugin/', 'src/values/'],
    packages: ['yaml'],
  },
  {
    path: 'src/config/define/',
    holds: 'the options of feeds and workers',
    imports: ['src/errors.ts', 'src/plugin/', 'src/values/', 'src/config/read/'],
    packages: ['convict'],
  },
  {
    path: 'src/config/check/',
    holds: 'what is wrong with options, and what was meant',
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/config/read/',
      'src/config/define/',
      'connectors/files/glob/',
    ],
  },
  {
    path: 'src/config/json-schema/',
    holds: 'what editors are told of the files of feeds and workers',
    imports: ['src/errors.ts', 'src/plugin/', 'src/values/', 'src/config/define/'],
  },
  {
    path: 'src/config/secrets/',
    holds: 'stores of secrets that values are taken from',
    imports: ['src/errors.ts', 'src/plugin/', 'src/values/', 'src/config/read/'],
    because: "the clouds' packages are loaded only when a worker declares a store of theirs",
  },
  {
    path: 'src/config/',
    holds: 'feed and worker files, read and checked',
    imports: ['src/errors.ts', 'src/plugin/', 'src/values/'],
  },
  {
    path: 'src/plugin-calls/',
    holds: 'which plugin is being called, on which row, and who sees that it does not come back',
    imports: ['src/errors.ts', 'src/own-modules.ts', 'src/plugin/', 'src/values/', 'src/config/define/'],
  },
  {
    path: 'src/loader/',
    holds: "a plugin's name to its module, and the check of its shape",
    imports: [
      'src/errors.ts',
      'src/own-modules.ts',
      'src/plugin/',
      'src/values/',
      'src/config/',
      'src/plugin-calls/',
      'connectors/',
      'transforms/',
      'src/converters/',
    ],
    because: 'it is the one list of what is built in, which it imports only when it is asked for',
  },
  {
    path: 'src/cluster/',
    holds:
      'what a member of a group does and who gets which tasks: functions of events and of a clock that is handed in',
    imports: ['src/errors.ts'],
    because: 'a worker and a simulation run the same',
  },
  {
    path: 'src/kafka/protocol/',
    holds: 'every request that Headrace makes, and the table of error codes',
    imports: ['src/errors.ts'],
  },
  {
    path: 'src/kafka/connection/',
    holds: 'connections to brokers, and what is retried',
    imports: ['src/errors.ts', 'src/tls/', 'src/kafka/protocol/'],
    packages: ['kafkajs'],
  },
  {
    path: 'src/kafka/tokens/',
    holds: 'tokens to log in with: who issues them, and how long they are kept',
    imports: ['src/errors.ts', 'src/tls/', 'src/kafka/connection/'],
  },
  {
    path: 'src/kafka/records/',
    holds: 'record batches in and out, compression, partitions',
    imports: ['src/errors.ts', 'src/rows/', COMPILED, ...LAYOUTS],
    packages: ['@node-rs/crc32', 'snappy', 'lz4-napi'],
  },
  {
    path: 'src/kafka/producer/',
    holds: 'transactions',
    imports: ['src/errors.ts', 'src/kafka/protocol/', 'src/kafka/connection/', 'src/kafka/records/'],
  },
  {
    path: 'src/kafka/reader/',
    holds: 'the records of a topic, to its end',
    imports: ['src/errors.ts', 'src/kafka/protocol/', 'src/kafka/connection/', 'src/kafka/records/'],
  },
  {
    path: 'src/kafka/cluster/',
    holds: 'what a cluster is asked that no task asks: rights, settings, trials',
    imports: [
      'src/errors.ts',
      'src/kafka/protocol/',
      'src/kafka/connection/',
      'src/kafka/records/',
      'src/kafka/producer/',
      'src/kafka/reader/',
    ],
  },
  {
    path: 'src/kafka/group/',
    holds: 'a member of a group of workers on the wire, and what the coordinator tells of a group',
    imports: ['src/errors.ts', 'src/cluster/', 'src/kafka/protocol/', 'src/kafka/connection/'],
  },
  {
    path: 'src/sink/',
    holds: 'the end of the pipeline, and the encoder of records that dry runs share',
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/plugin-calls/',
      'src/kafka/protocol/',
      'src/kafka/connection/',
      'src/kafka/records/',
      'src/kafka/producer/',
      COMPILED,
      ...LAYOUTS,
    ],
    packages: ['@node-rs/crc32'],
  },
  {
    path: 'src/offsets/',
    holds: 'source offsets and claims: what is in the internal topics, and how it is written anew',
    imports: ['src/errors.ts', 'src/plugin/', 'src/values/', 'src/kafka/'],
  },
  {
    path: 'src/runtime/',
    holds:
      'worker, connectors, tasks and their threads, what a group of workers shares, stages, states, restarts, events',
    imports: [
      'src/errors.ts',
      'src/own-modules.ts',
      'src/tls/',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/config/',
      'src/plugin-calls/',
      'src/loader/',
      'src/cluster/',
      'src/kafka/',
      'src/sink/',
      'src/offsets/',
      'connectors/files/',
    ],
    packages: [
      '@node-rs/crc32',
      '@opentelemetry/api',
      'aws-msk-iam-sasl-signer-js',
      'pino',
      'stream-transform',
    ],
    because: 'feeds that would read the same files are found by the patterns of files',
  },
  {
    path: 'src/dry-run/',
    holds: 'rows through a feed without Kafka, and the files that they are in',
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/config/',
      'src/plugin-calls/',
      'src/kafka/records/',
      'src/sink/',
      'src/runtime/',
      'connectors/files/',
    ],
    because: 'a file of rows is opened as the connectors do it',
  },
  {
    path: 'src/preview/',
    holds: "what a feed makes of a file's first rows, its schema, and a feed guessed from a file",
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/config/',
      'src/terminal/',
      'src/kafka/records/',
      'src/sink/',
      'src/runtime/',
      'src/dry-run/',
      'src/converters/',
      'connectors/',
      'transforms/schema/cell-parsers.ts',
      'transforms/text/encoding.ts',
      'transforms/text/found-encoding.ts',
    ],
    packages: ['csv-parse'],
    because:
      'a file is found and opened as the connectors do it, the converters say how its schema is written, and a time or an encoding is guessed to be what the schema, or a parser, takes for one',
  },
  {
    path: 'src/feed-tests/',
    holds: 'the tests of a feed: rows in, records expected',
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/config/',
      'src/terminal/',
      'src/runtime/',
      'src/dry-run/',
      'src/sink/',
    ],
    packages: ['yaml'],
  },
  {
    path: 'src/load/',
    holds: 'bulk loads: a job is a feed with the connector `local`; progress and result are made of events',
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/config/',
      'src/kafka/',
      'src/sink/',
      'src/offsets/',
      'src/runtime/',
      'src/dry-run/',
      'src/preview/',
      'connectors/files/',
      'connectors/inputs/',
    ],
    because: 'the files of a load are named by the patterns of the connectors, and its columns guessed',
  },
  {
    path: 'src/dead-letters/',
    holds: 'reading a dead-letter queue, and its rows once more through their feed',
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/config/',
      'src/kafka/',
      'src/sink/',
      'src/offsets/',
      'src/runtime/',
      'src/load/',
      'connectors/files/',
    ],
    packages: ['csv-parse'],
    because: 'the folders in which a file may have been put away are found as the connectors make them',
  },
  {
    path: 'src/convert/',
    holds: "configurations of Kafka Connect's spooldir and FilePulse as feeds, key by key",
    imports: ['src/config/', 'src/loader/', 'connectors/files/'],
    because: 'what is made is checked as every feed, and what is passed over has one list',
  },
  {
    path: 'src/metrics/',
    holds: 'metrics of a worker',
    imports: ['src/errors.ts', 'src/runtime/'],
    packages: ['prom-client'],
  },
  {
    path: 'src/rest/',
    holds: 'status and metrics over HTTP; doors/: TLS, who may, what browsers may',
    imports: [
      'src/errors.ts',
      'src/own-modules.ts',
      'src/tls/',
      'src/plugin/',
      'src/values/',
      'src/config/',
      'src/plugin-calls/',
      'src/loader/',
      'src/kafka/cluster/',
      'src/kafka/group/',
      'src/offsets/',
      'src/runtime/',
      'src/metrics/',
    ],
    packages: ['fastify'],
    because: 'loaded only where `listeners` is set; it tells the id of the cluster, and who is in the group',
  },
  {
    path: 'src/console/',
    holds: 'the page that a worker shows to browsers',
    imports: [
      'src/terminal/figures.ts',
      'src/offsets/file-status.ts',
      'src/rest/console/messages.ts',
      'src/rest/console/shown.ts',
      'src/rest/tap/messages.ts',
      'src/values/exact-json.ts',
      'src/runtime/expectations/expectation-status.ts',
    ],
    packages: ['preact'],
    because: 'a browser runs it: it takes types, and functions that need nothing else',
  },
  {
    path: 'src/testing/',
    holds: 'what authors of plugins test with',
    imports: [
      'src/errors.ts',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/config/',
      'src/plugin-calls/',
      'src/runtime/',
      'src/dry-run/',
    ],
  },
  {
    path: 'src/index.ts',
    holds: 'what programs import',
    imports: ['src/errors.ts', 'src/config/', 'src/runtime/', 'src/load/'],
  },
  {
    path: 'src/cli/',
    holds: 'a folder for each command; exit codes, signals',
    imports: [
      'src/errors.ts',
      'src/own-modules.ts',
      'src/terminal/',
      'src/plugin/',
      'src/values/',
      'src/rows/',
      'src/config/',
      'src/loader/',
      'src/converters/registry/',
      'src/kafka/',
      'src/sink/',
      'src/offsets/',
      'src/runtime/',
      'src/dry-run/',
      'src/preview/',
      'src/feed-tests/',
      'src/load/',
      'src/dead-letters/',
      'src/convert/',
      'src/metrics/',
      'src/rest/',
      'connectors/files/',
      'connectors/inputs/',
    ],
    packages: ['commander', 'pino', 'chokidar'],
  },
];

function transformation(type: string, holds: string, own: Partial<Place>): Place[] {
  return [{ ...own, path: `transforms/${type}/`, holds, imports: [...FACES, ...(own.imports ?? [])] }];
}
