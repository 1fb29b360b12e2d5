import type { ConfigProblem, ConfigValues } from '../../src/plugin/index.ts';
import { defineConfig } from '../../src/plugin/index.ts';
import { checkDated, fixedPart } from './finishing/dated-path.ts';
import { isWithin } from './paths.ts';
import { DEFAULT_LIMITS, type DecompressionLimits } from './reading/decompression-limits.ts';
import { type CompanionOptions, checkMarker } from './ready/companions.ts';
import type { ReadyOptions } from './ready/ready-files.ts';
import { checkTrailer } from './ready/trailer.ts';
import { REAPPEAR_POLICIES } from './recognition/reappearance.ts';
import { checkOrder, FilesOrder } from './watching/files-order.ts';
import { checkRetention, type RetentionValues } from './watching/retention.ts';
import { WORK_IN_PROGRESS } from './watching/work-in-progress.ts';

/** Options of every connector that watches: what it passes over, when a file is complete, and how long it is remembered. */
export const watchingOptions = defineConfig({
  inputFileIgnore: {
    doc:
      'Globs of names that are passed over though input.file.pattern matches them: those under which other programs write, ' +
      'and what they leave beside files. One that ends with a slash is for folders. Upper and lower case are the same. What ' +
      'is written here takes the place of the list, so write down what you keep of it. A glob whose text the pattern ' +
      'spells is left out. Hidden names (.name) are always passed over.',
    format: 'list',
    default: WORK_IN_PROGRESS,
  },
  readyMarker: {
    doc:
      'A file is taken only once another one lies beside it under this name, in which {name} is its name and {stem} its ' +
      'name without the extension: "{name}.done". Markers are never loaded, and are moved or deleted with their files. ' +
      'Not set: none is needed.',
    format: 'string',
    default: null,
  },
  readyChecksum: {
    doc:
      'A file is taken only once its checksum lies beside it as <name>.sha256 or <name>.md5, as sha256sum and md5sum write ' +
      'it, or alone. The whole file is read and held against it before its first row; one that differs is given up. Not set: ' +
      'none is needed.',
    format: ['sha256', 'md5'],
    default: null,
  },
  readyPattern: {
    doc:
      'A file is taken only once its last line is as this says, in which {rows} stands for the number of its data rows and * ' +
      'for anything: "TRAILER,{rows}". That line is no row of it. A file that has another number of rows is given up at its ' +
      'end; the rows are delivered by then, unless transaction.boundary is file. A compressed file is read twice. Not set: ' +
      'the last line is a row.',
    format: 'string',
    default: null,
  },
  offsetsRetentionMs: {
    doc:
      'Milliseconds for which a delivered file is remembered after it has gone. One that comes again later is loaded again, ' +
      'whatever is in it. Not set: for ever.',
    format: 'nat',
    default: null,
  },
  offsetsRetentionFiles: {
    doc:
      'How many delivered files are remembered; of those that have gone, the ones that were delivered longest ago are ' +
      'forgotten, and are loaded again if they come again. Each of several tasks has its share. Not set: any number.',
    format: 'nat',
    default: null,
  },
});

/** Of connectors that know all files that wait. */
export const orderOptions = defineConfig({
  filesOrder: {
    doc:
      'In which order a task reads the files that wait: time (oldest first, by when they were written), name (by path), ' +
      'size (smallest first), or the date in their names or folders, as {yyyy}, {MM}, {dd}, {HH}, {mm} and {ss} with what ' +
      'stands between them: {yyyy}-{MM}-{dd}. With strict before it (strict, strict name) no file is begun before ' +
      'those that come before it are delivered or given up, and there is one task.',
    format: 'string',
    default: 'time',
  },
});

/** Of connectors whose stores are listed by names, page after page. */
export const pagedOrderOptions = defineConfig({
  filesOrder: {
    doc:
      'In which order a task reads the objects that wait: name, which is how they are listed. With strict before it, or as ' +
      'strict alone, no object is begun before those that come before it are delivered or given up, and there is one task.',
    format: 'string',
    default: 'name',
  },
});

const readingOptions = defineConfig({
  onReappear: {
    doc:
      'What to do when a file comes under the name of one that was delivered. auto: load other content, pass over the ' +
      'same content, and of a file that has grown load the new rows. skip: never load a name twice. reprocess: load it ' +
      'again from its beginning. fail: fail the task.',
    format: REAPPEAR_POLICIES,
    default: 'auto',
  },
  decompressedMaxBytes: {
    doc: 'A compressed file with more bytes of content is given up.',
    format: 'nat',
    default: DEFAULT_LIMITS.maxBytes,
  },
  decompressedMaxRatio: {
    doc:
      'A compressed file is given up that has more than 1 GiB of content, and more than so many bytes of it for each byte ' +
      'of the file, as no rows that differ from each other have.',
    format: 'nat',
    default: DEFAULT_LIMITS.maxRatio,
  },
});

/** Options of every connector that reads files from a disk: paths are relative to the feed. */
export const fileOptions = defineConfig({
  finishedPath: {
    doc:
      'Folder into which a file is moved once all its rows are committed, with its path below input.path. A name that is ' +
      'taken gets a suffix, one that gets too long is cut; nothing is overwritten. A file that cannot be moved is tried ' +
      'again, while others go on. done/{yyyy}/{MM}/{dd} is by the day on which it is moved, in UTC. Not set: files stay ' +
      'where they are, and are not read again.',
    format: 'path',
    default: null,
  },
  finishedDelete: {
    doc: 'Delete a file once all its rows are committed, instead of leaving or moving it.',
    format: 'boolean',
    default: false,
  },
  finishedCompress: {
    doc:
      'Compress a file on its way to finished.path, unless it is compressed, where it gets .gz behind its name. What was ' +
      'written is read again before the file itself goes; while the disk is full it stays, and is tried again.',
    format: ['gzip'],
    default: null,
  },
  errorPath: {
    doc:
      'Folder into which a file is moved that was given up (it cannot be parsed, or has more bad rows than errors.max ' +
      'allows), with the reason beside it in <name>.error.json; the task goes on with other files either way. Dates as in ' +
      'finished.path. Not set: the file is left where it is, and is looked at again when it has changed.',
    format: 'path',
    default: null,
  },
  ...readingOptions,
});

/** Options of every connector that watches a bucket or a server: paths are there, and mean nothing here. */
export const remoteFileOptions = defineConfig({
  inputFilePattern: {
    doc:
      'Which files to load, as a glob. Without a slash it is for the file name, in whatever folder (*.csv{,.gz}); with ' +
      'one, for the path below the folder or prefix that is watched (asx/**/*.csv).',
    format: 'string',
    default: '*',
  },
  ...watchingOptions,
  scanIntervalMs: {
    doc: 'Milliseconds between listings: so long it takes at most until a new file is found.',
    format: 'nat',
    default: 30_000,
  },
  finishedPath: {
    doc:
      'Folder there, or prefix, into which a file is moved once all its rows are committed, with its path below what is ' +
      'watched. A name that is taken gets a suffix; nothing is overwritten. A file that cannot be moved is tried again, ' +
      'while others go on. done/{yyyy}/{MM}/{dd} is by the day on which it is moved, in UTC. Not set: files stay where they ' +
      'are, and are not read again.',
    format: 'string',
    default: null,
  },
  finishedDelete: {
    doc: 'Delete a file once all its rows are committed, instead of leaving or moving it.',
    format: 'boolean',
    default: false,
  },
  errorPath: {
    doc:
      'Folder there, or prefix, into which a file is moved that was given up (it cannot be parsed, or has more bad rows ' +
      'than errors.max allows), with the reason beside it in <name>.error.json; the task goes on with other files either ' +
      'way. Dates as in finished.path. Not set: the file is left where it is, and is looked at again when it has changed.',
    format: 'string',
    default: null,
  },
  ...readingOptions,
});

/** What `fileOptions` and `remoteFileOptions` both give. */
export type FileOptions = Omit<ConfigValues<typeof fileOptions>, 'finishedCompress'>;

/** The limits that the options set. */
export function limitsOf(
  values: Pick<FileOptions, 'decompressedMaxBytes' | 'decompressedMaxRatio'>,
): DecompressionLimits {
  const { decompressedMaxBytes, decompressedMaxRatio } = values;
  return { ...DEFAULT_LIMITS, maxBytes: decompressedMaxBytes, maxRatio: decompressedMaxRatio };
}

/** Mistakes in the options that connectors share. */
export function* checkFileOptions(config: {
  readonly finishedPath: string | null;
  readonly errorPath: string | null;
  readonly finishedDelete: boolean;
  readonly finishedCompress?: 'gzip' | null;
  readonly finishedTag?: Readonly<Record<string, string>>;
}): Generator<ConfigProblem> {
  if ((config.finishedCompress ?? null) !== null && config.finishedPath === null) {
    const message =
      'is set while finished.path is not; only files that are moved are compressed: name a folder for them';
    yield { key: 'finished.compress', message };
  }
  yield* checkDated('finished.path', config.finishedPath);
  yield* checkDated('error.path', config.errorPath);
  const hasTags = Object.keys(config.finishedTag ?? {}).length > 0;
  if (hasTags && (config.finishedPath !== null || config.finishedDelete)) {
    const message =
      'is set while finished.path or finished.delete is; tags are for objects that stay: keep one';
    yield { key: 'finished.tag', message };
  }
  if (config.finishedPath !== null && config.finishedDelete) {
    yield {
      key: 'finished.delete',
      message:
        'is true while finished.path is set; a delivered file is either moved or deleted: remove one of the two',
    };
  }
}

/** A folder that held the watched one would have its finished files found, and loaded, again. */
export function* checkFolders(config: {
  readonly inputPath: string;
  readonly finishedPath: string | null;
  readonly errorPath: string | null;
}): Generator<ConfigProblem> {
  const folders = [
    ['finished.path', config.finishedPath],
    ['error.path', config.errorPath],
  ] as const;
  for (const [key, folder] of folders) {
    if (folder !== null && isWithin(config.inputPath, fixedPart(folder))) {
      yield { key, message: isAbove(config.inputPath, fixedPart(folder)) };
    }
  }
}

/** What to tell of such a folder. */
export function isAbove(inputPath: string, folder: string): string {
  return (
    `${JSON.stringify(folder)} is input.path ${JSON.stringify(inputPath)} or a folder above it, so that files put there ` +
    'would be found again; choose a folder beside or below input.path'
  );
}

interface WatchingOptions {
  readonly inputFileIgnore: readonly string[];
  readonly scanIntervalMs: number;
  readonly filesOrder: string;
}

/** Mistakes in the options of all that watch. */
export function* checkWatching(
  config: CompanionOptions & Pick<ReadyOptions, 'readyPattern'> & RetentionValues & WatchingOptions,
  { isPaged = false } = {},
): Generator<ConfigProblem> {
  const { inputFileIgnore, scanIntervalMs } = config;
  // A listing costs requests, and those of most clouds are paid for.
  if (scanIntervalMs < 100) {
    const message = `must be 100 or more, got ${scanIntervalMs}; files would be looked for without a pause`;
    yield { key: 'scan.interval.ms', message };
  }
  const broken = inputFileIgnore.find((glob) => glob.includes('{') !== glob.includes('}'));
  if (broken !== undefined) {
    const message = `got ${JSON.stringify(broken)}; commas stand between globs: write *.a,*.b, not *.{a,b}`;
    yield { key: 'input.file.ignore', message };
  }
  yield* checkMarker(config);
  yield* checkTrailer(config.readyPattern);
  yield* checkOrder(config.filesOrder, isPaged);
  yield* checkRetention(config);
}

/** A strict order holds within one task only. */
export function taskCountFor({ filesOrder }: Pick<WatchingOptions, 'filesOrder'>, tasksMax: number): number {
  return new FilesOrder(filesOrder).isStrict ? 1 : tasksMax;
}
