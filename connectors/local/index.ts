import { resolve } from 'node:path';
import type { ConfigProblem, ConfigValues, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector, messageOf } from '../../src/plugin/index.ts';
import { isUrl } from '../../src/values/url.ts';
import { foldersThere, isInOneOf } from '../files/disk/disk-store.ts';
import { FileTask } from '../files/file-task.ts';
import { Finisher } from '../files/finishing/finisher.ts';
import { checkFileOptions, fileOptions, limitsOf } from '../files/options.ts';
import { SILENT } from '../files/silent-log.ts';
import { checkConnection, connectionOf, connectionOptions } from '../inputs/connections.ts';
import { fileUrl, SCHEMES } from '../inputs/file-url.ts';
import { type InputFile, InputStore } from '../inputs/input-store.ts';
import { type Input, LocalTask } from './local-task.ts';

const config = defineConfig({
  inputPath: {
    doc:
      'The file to load, or a glob of files (./in/*.csv, ./in/**/*.csv.gz, s3://bucket/in/*.csv; gs://, az:// and sftp:// ' +
      'likewise). Files are loaded in the order of their paths, and must be complete.',
    format: 'path',
    default: null,
  },
  inputPaths: {
    doc:
      'Several files or globs instead of one, as `input.paths.<label>: <path>`, loaded in the order they are written. ' +
      'URLs, absolute, or relative to the folder that Headrace was started in.',
    format: 'map',
    default: {},
  },
  inputRows: {
    doc:
      'Data rows that are wanted of a file, from its beginning, as `input.rows.<label>: <number>` for the label of ' +
      '`input.paths`. What is behind them is loaded once the number is greater, or gone.',
    format: 'map',
    default: {},
  },
  ...fileOptions,
  ...connectionOptions,
});

type LocalConfig = ConfigValues<typeof config>;

/** Files that are there already: each is loaded once, and then the connector is done. */
export default defineSourceConnector({
  name: 'local',
  doc: 'Loads a file, or the files that a glob names, each row exactly once, and ends.',
  config,
  *check(values) {
    yield* checkFileOptions(values);
    yield* checkPaths(values);
    yield* checkUrls(values);
    yield* checkConnection(values);
  },
  async taskCount(values, tasksMax) {
    return Math.max(1, Math.min(tasksMax, (await filesOf(values)).size));
  },
  async countFiles(values) {
    const putAway = await foldersThere([values.finishedPath, values.errorPath]);
    return [...(await filesOf(values)).values()].filter((file) => !isInOneOf(putAway, file)).length;
  },
  createTask,
});

async function createTask(values: LocalConfig, context: TaskContext): Promise<LocalTask> {
  const store = new InputStore(connectionOf(values), context.log);
  const finisher = new Finisher(store, values);
  const excluded = await finisher.prepare(context.log);
  const { onReappear } = values;
  const files = new FileTask(context, {
    store,
    onReappear,
    settleMs: 0,
    limits: limitsOf(values),
    finisher,
    watches: false,
    tellsDelivered: true,
  });
  return new LocalTask(context, { inputs: inputsOf(values), store, excluded, files });
}

/** By their paths. */
async function filesOf(values: LocalConfig): Promise<ReadonlyMap<string, InputFile>> {
  const store = new InputStore(connectionOf(values), SILENT);
  try {
    const { signal } = new AbortController();
    const found = await Promise.all(inputsOf(values).map(({ path }) => store.find(path, signal)));
    return new Map(found.flat().map((file) => [file.path, file]));
  } finally {
    await store.close();
  }
}

function inputsOf({ inputPath, inputPaths, inputRows }: LocalConfig): Input[] {
  if (inputPath !== null) return [{ path: inputPath, rowLimit: undefined }];
  return Object.entries(inputPaths).map(([label, path]) => {
    const rows = inputRows[label];
    const rowLimit = rows === undefined ? undefined : Number(rows);
    return { path: isUrl(path) ? path : resolve(path), rowLimit };
  });
}

function* checkPaths({ inputPath, inputPaths, inputRows }: LocalConfig): Generator<ConfigProblem> {
  for (const [label, rows] of Object.entries(inputRows)) {
    const key = `input.rows.${label}`;
    if (!/^[1-9]\d{0,14}$/.test(rows))
      yield { key, message: `expected a number of rows, got ${JSON.stringify(rows)}` };
    if (inputPaths[label] === undefined) yield { key, message: `there is no input.paths.${label}` };
  }
  const several = Object.keys(inputPaths).length > 0;
  if (inputPath === null && !several) {
    yield { key: 'input.path', message: 'is required but not set (the file to load, or a glob of files)' };
  }
  if (inputPath !== null && several) {
    yield { key: 'input.paths', message: 'is set while input.path is set too; keep one of the two' };
  }
}

/** URLs that are none, and files that could not be put away where they are. */
function* checkUrls(values: LocalConfig): Generator<ConfigProblem> {
  const { inputPath, inputPaths, finishedPath, finishedDelete, errorPath } = values;
  const inputs = Object.entries(inputPaths).map(([label, path]) => [`input.paths.${label}`, path] as const);
  for (const [key, path] of [['input.path', inputPath ?? ''] as const, ...inputs]) {
    if (!isUrl(path)) continue;
    const mistake = mistakeIn(path);
    if (mistake !== null) {
      yield { key, message: mistake };
      continue;
    }
    const { scheme, base } = fileUrl(path);
    const set = [
      ...(finishedPath === null ? [] : ['finished.path']),
      ...(finishedDelete ? ['finished.delete'] : []),
      ...(errorPath === null ? [] : ['error.path']),
    ];
    const mend = `files of ${base} are only put away by their own connector: use connector.class: ${SCHEMES[scheme]}`;
    for (const option of set) yield { key: option, message: `is set while ${key} is a URL; ${mend}` };
    return;
  }
}

function mistakeIn(url: string): string | null {
  try {
    fileUrl(url);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
