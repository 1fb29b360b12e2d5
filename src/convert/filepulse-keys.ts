import { readStruct } from './connect-schema.ts';
import { listOf } from './conversion.ts';
import { className, convertFilter, ROW_FILTERS } from './filepulse-filters.ts';
import { FILEPULSE_STORES } from './filepulse-stores.ts';
import { ignoreFolders, setEncoding, setFilePattern, setTolerance } from './files-keys.ts';
import { applyRules, type KeyRule, type KeyScope, lost, needless, renamed, topicKey } from './key-rule.ts';
import { setSchema } from './schema-fields.ts';

const ORDERS: Readonly<Record<string, string>> = {
  LAST_MODIFIED: 'time',
  URI: 'name',
  CONTENT_LENGTH: 'size',
};
/** What files are listed by; those that need no word here. */
const LIST_FILTERS: Readonly<Record<string, string>> = {
  RegexFileListFilter: 'file.filter.regex.pattern',
  IgnoreHiddenFileListFilter: '',
  LastModifiedFileListFilter: 'file.filter.minimum.age.ms',
};

/** FilePulse's keys, but for those of filters and of the places that files are in. */
export const FILEPULSE_KEYS: readonly KeyRule[] = [
  {
    key: 'tasks.reader.class',
    fallback: 'LocalRowFileInputReader',
    becomes:
      'a parser: `csv` for the `RowFileInputReader` of each place, with a filter for rows, else `lines`',
    convert: convertReader,
  },
  topicKey(),
  {
    key: 'fs.listing.class',
    fallback: 'LocalFSDirectoryListing',
    becomes: '`connector.class`: `directory`, `s3`, `gcs`, `azure-blob` or `sftp`',
    convert: (value, scope) => {
      const store = FILEPULSE_STORES[className(value)];
      if (store === undefined)
        return scope.refuse(
          `expected one of ${Object.keys(FILEPULSE_STORES).join(', ')}; got ${className(value)}, for which no connector is there`,
        );
      scope.set('connector.class', store.connector);
      applyRules(store.keys, scope.conversion);
    },
  },
  renamed('fs.listing.interval.ms', 'scan.interval.ms'),
  {
    key: 'fs.listing.recursive.enabled',
    becomes: '`true`: folders below are read anyway; `false`: `*/` in `input.file.ignore`',
    convert: (value, scope) =>
      value === 'false' ? ignoreFolders(scope) : scope.needless('folders below are read anyway'),
  },
  {
    key: 'fs.listing.filters',
    becomes: 'what its classes are set to, below; hidden files are passed over anyway',
    convert: convertListFilters,
  },
  {
    key: 'file.filter.regex.pattern',
    becomes: '`input.file.pattern`, as a glob',
    convert: (pattern, scope) => setFilePattern(scope, pattern),
  },
  renamed('file.filter.minimum.age.ms', 'settle.ms'),
  ...lost(['file.filter.maximum.age.ms'], 'files are read however old they are'),
  ...lost(
    ['file.filter.minimum.size.bytes', 'file.filter.maximum.size.bytes'],
    'files are read whatever their size is',
  ),
  ...lost(
    [
      'file.filter.date.regex.extractor.pattern',
      'file.filter.date.formatter.pattern',
      'file.filter.date.min.date',
      'file.filter.date.max.date',
    ],
    'input.file.pattern may name dates, as a glob; it knows no earlier and later',
  ),
  {
    key: 'fs.cleanup.policy.class',
    becomes:
      '`DeleteCleanupPolicy`: `finished.delete`; `LocalMoveCleanupPolicy` and `AmazonS3MoveCleanupPolicy`: `finished.path` and `error.path`; `LogCleanupPolicy`: neither, and no file is read twice',
    convert: convertCleanup,
  },
  ...movedPaths(),
  ...lost(
    ['fs.cleanup.policy.move.', 'fs.cleanup.policy.router.'],
    'files are moved below finished.path and error.path, in the place where they lie, with their paths',
  ),
  {
    key: 'fs.cleanup.policy.triggered.on',
    becomes: 'nothing: files are moved or deleted once all their rows are committed',
    convert: (_value, scope) =>
      scope.needless('files are moved or deleted once all their rows are committed'),
  },
  {
    key: 'tasks.halt.on.error',
    becomes:
      '`true`: `errors.tolerance: none`; `false`: `errors.tolerance: all` with `errors.max: 0`, which gives up a file at its first bad row; with a larger number, or without it, bad rows go to the dead-letter queue and the file goes on',
    fallback: 'false',
    convert: (value, scope) => setTolerance(scope, value === 'true'),
  },
  {
    key: 'tasks.file.processing.order.by',
    becomes: '`files.order`: `LAST_MODIFIED`: `time`, `URI`: `name`, `CONTENT_LENGTH`: `size`',
    convert: (value, scope) => {
      const order = ORDERS[value];
      if (order === undefined) scope.lost('files.order knows time, name and size, from the smallest on');
      else scope.set('files.order', order);
    },
  },
  {
    key: 'offset.attributes.string',
    becomes:
      '`on.reappear`: with `hash`, `lastModified` or `inode`: `auto`, which goes by the content; else `skip`, by which no path is read twice',
    fallback: 'uri',
    convert: (value, scope) => {
      const isOfContent = /\b(?:hash|lastModified|inode)\b/.test(value);
      scope.set('on.reappear', isOfContent ? 'auto' : 'skip');
      if (!/\b(?:path|uri)\b/.test(value))
        scope.lost('a file is known by its path here: under another one it is read again');
    },
  },
  ...needless(['offset.policy.class'], 'a file is known by its path and its content'),
  ...lost(['ignore.committed.offsets'], 'headrace offsets reset NAME forgets what is delivered, once'),
  {
    key: 'file.encoding',
    becomes: '`encoding` of the parser',
    convert: (charset, scope) => setEncoding(scope, charset, 'transforms.parse.encoding'),
  },
  {
    key: 'skip.headers',
    becomes: '`1` with `extract.column.name`: the `header`; else `skip.lines` of the parser',
    convert: convertSkipped,
  },
  {
    key: 'skip.footers',
    becomes: '`footer.lines` of the parser',
    convert: (value, scope) => scope.set('transforms.parse.footer.lines', value),
  },
  ...lost(
    ['read.max.wait.ms'],
    'a file is read to its end; on.reappear: auto reads on in one that has grown',
  ),
  ...needless(['compression.method'], 'gzip, zstd, bzip2, xz and zip are known by their first bytes'),
  ...needless(
    ['buffer.initial.bytes.size', 'min.read.records'],
    'files are read in chunks that suit the parser',
  ),
  {
    key: 'value.connect.schema',
    becomes: 'a transformation `schema`: a key `fields.<name>` for each field',
    convert: convertSchema,
  },
  {
    key: 'value.connect.schema.type',
    becomes:
      '`AVRO`: write the schema to a file, and name that in `schema.file` of a transformation `schema`',
    convert: (_value, scope) => scope.needless('it says how value.connect.schema is written'),
  },
  ...lost(
    ['value.connect.schema.condition.topic.pattern'],
    'a schema is for all rows; transforms.validate.predicate decides which',
  ),
  ...lost(['merge.value.connect.schemas'], 'a schema is written: it never grows of itself'),
  ...needless(
    ['connect.schema.keep.leading.underscores.on.record.name'],
    'a schema has the name in transforms.validate.schema.name',
  ),
  {
    key: 'fs.completion.strategy.class',
    becomes:
      'nothing: a file is complete when it has been quiet for `settle.ms`, or [as said](sources.md#when-a-file-is-complete)',
    convert: (value, scope) => {
      if (className(value) === 'EofCompletionStrategy')
        scope.needless('a file is done when all of it is read');
      else
        scope.lost(
          'a file is done when all of it is read; one that grows afterwards is read on with on.reappear: auto',
        );
    },
  },
  ...lost(['completion.schedule.', 'daily.completion.schedule.'], 'goes with fs.completion.strategy.class'),
  ...needless(
    ['tasks.file.status.storage.'],
    'states of files are in the topic that file.status.storage.topic of the worker names',
  ),
  ...needless(['tasks.empty.poll.wait.ms'], 'new files are looked for every scan.interval.ms'),
  ...needless(
    [
      'max.scheduled.files',
      'allow.tasks.reconfiguration.after.timeout.ms',
      'task.partitioner.class',
      'fs.listing.task.delegation.enabled',
    ],
    'each task looks for its own files, which are its by their path',
  ),
  ...needless(
    ['state.initial.read.timeout.ms', 'state.default.read.timeout.ms'],
    'a start waits for no states of files',
  ),
  {
    key: 'filters',
    becomes: 'the parser, and transformations, in their order: [below](migration.md#filters)',
    convert: (value, scope) => {
      for (const label of listOf(value)) convertFilter(label, scope.conversion);
      scope.partOf('transforms.parse.type');
    },
  },
];

/** What reads the rows of files: only what reads lines has a parser here. */
function convertReader(type: string, scope: KeyScope): void {
  if (!/RowFileInputReader$/.test(type))
    scope.refuse(
      `expected a RowFileInputReader, such as LocalRowFileInputReader; got ${className(type)}, for which no parser is there`,
    );
  const parse = scope.stage('parse', 'parse');
  const { source } = scope.conversion;
  const filters = listOf(source.get('filters')).map((label) =>
    className(source.get(`filters.${label}.type`) ?? ''),
  );
  const isCsv = filters.some((name) => ROW_FILTERS.includes(name));
  scope.set(`${parse}type`, isCsv ? 'csv' : 'lines');
  // A row may have fewer cells there than columns, and no more.
  if (isCsv) scope.set(`${parse}short.rows`, 'fill');
  else scope.set(`${parse}column`, 'message');
}

function convertSkipped(value: string, scope: KeyScope): void {
  const { lines } = scope.conversion;
  if (lines.has('transforms.parse.header') || value === '0')
    return scope.needless('it is said by the header and skip.lines');
  const type = lines.get('transforms.parse.type')?.value;
  if (type === 'lines') scope.set('transforms.parse.skip.lines', value);
  // The filter for rows says whether the first of them is a header, and takes this with it.
  else scope.partOf('transforms.parse.type');
}

function convertListFilters(value: string, scope: KeyScope): void {
  const unknown = listOf(value)
    .map(className)
    .filter((name) => LIST_FILTERS[name] === undefined);
  if (unknown.length === 0) scope.needless('each is said by its own keys');
  else scope.lost(`${unknown.join(', ')}: input.file.pattern and input.file.ignore say which files are read`);
}

function convertCleanup(type: string, scope: KeyScope): void {
  const name = className(type);
  if (name === 'DeleteCleanupPolicy') scope.set('finished.delete', 'true');
  else if (name === 'LogCleanupPolicy')
    scope.needless('files stay where they are unless finished.path or finished.delete is set');
  else if (name === 'LocalMoveCleanupPolicy') {
    scope.set('finished.path', localPath(scope, 'cleaner.output.succeed.path', '.success'));
    scope.set('error.path', localPath(scope, 'cleaner.output.failed.path', '.failure'));
  } else if (name === 'AmazonS3MoveCleanupPolicy') {
    scope.set('finished.path', folder(scope.value('fs.cleanup.policy.move.success.aws.prefix.path')));
    scope.set('error.path', folder(scope.value('fs.cleanup.policy.move.failure.aws.prefix.path')));
  } else
    scope.lost(
      'no such policy is known: files stay where they are until finished.path, error.path or finished.delete is set',
    );
}

/** One that is relative is beside each file there, and below the folder that is watched here. */
function localPath(scope: KeyScope, key: string, without: string): string {
  const path = scope.value(key) || without;
  return path.startsWith('/') ? path : `${folder(scope.value('fs.listing.directory.path'))}/${path}`;
}

function folder(path: string): string {
  return path.replace(/\/$/, '');
}

function movedPaths(): KeyRule[] {
  const paths = {
    'cleaner.output.succeed.path': 'finished.path',
    'cleaner.output.failed.path': 'error.path',
    'fs.cleanup.policy.move.success.aws.prefix.path': 'finished.path',
    'fs.cleanup.policy.move.failure.aws.prefix.path': 'error.path',
  };
  return Object.entries(paths).map(([key, name]) => ({
    key,
    becomes: `\`${name}\`, with the policy that moves`,
    convert: (_value, scope) => {
      if (scope.conversion.lines.has(name)) scope.partOf(name);
      else scope.needless('fs.cleanup.policy.class moves no file');
    },
  }));
}

function convertSchema(json: string, scope: KeyScope): void {
  const struct = readStruct(json);
  const isAvro = scope.value('value.connect.schema.type').toUpperCase() === 'AVRO';
  if (isAvro)
    scope.lost(
      'write it to a file, and name that in transforms.validate.schema.file, with transforms.validate.type: schema and validate in transforms',
    );
  else if (struct === null || struct.fields.length === 0)
    scope.lost(
      'expected the schema of a struct as JSON: cells stay text until transforms.validate.fields.<name> says more',
    );
  else setSchema(struct, scope);
}
