import { resolve } from 'node:path';
import type { ConfigProblem, ConfigValues, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector } from '../../src/plugin/index.ts';
import { DiskStore, foldersThere, isInOneOf } from '../files/disk/disk-store.ts';
import { FileTask } from '../files/file-task.ts';
import type { FoundFile } from '../files/file-version.ts';
import { Finisher } from '../files/finishing/finisher.ts';
import { checkFileOptions, fileOptions, limitsOf } from '../files/options.ts';
import { findFiles } from './find-files.ts';
import { type Input, LocalTask } from './local-task.ts';

const config = defineConfig({
  inputPath: {
    doc:
      'The file to load, or a glob of files (./in/*.csv, ./in/**/*.csv.gz). Files are loaded in the order of their ' +
      'paths, and must be complete.',
    format: 'path',
    default: null,
  },
  inputPaths: {
    doc:
      'Several files or globs instead of one, as `input.paths.<label>: <path>`, loaded in the order they are written. ' +
      'Absolute, or relative to the folder that Headrace was started in.',
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
  },
  async taskCount(values, tasksMax) {
    const paths = (await filesOf(values)).map(({ path }) => path);
    return Math.max(1, Math.min(tasksMax, new Set(paths).size));
  },
  async countFiles(values) {
    const putAway = await foldersThere([values.finishedPath, values.errorPath]);
    const files = (await filesOf(values)).filter((file) => !isInOneOf(putAway, file));
    const paths = files.map(({ path }) => path);
    return new Set(paths).size;
  },
  createTask,
});

async function createTask(values: LocalConfig, context: TaskContext): Promise<LocalTask> {
  const store = new DiskStore();
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
  return new LocalTask(context, { inputs: inputsOf(values), excluded, files });
}

async function filesOf(values: LocalConfig): Promise<FoundFile[]> {
  return (await Promise.all(inputsOf(values).map(({ path }) => findFiles(path)))).flat();
}

function inputsOf({ inputPath, inputPaths, inputRows }: LocalConfig): Input[] {
  if (inputPath !== null) return [{ path: inputPath, rowLimit: undefined }];
  return Object.entries(inputPaths).map(([label, path]) => {
    const rows = inputRows[label];
    return { path: resolve(path), rowLimit: rows === undefined ? undefined : Number(rows) };
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
