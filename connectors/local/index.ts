import type { ConfigValues, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector } from '../../src/plugin/index.ts';
import { FileTask } from '../files/file-task.ts';
import { Finisher } from '../files/finisher.ts';
import { checkFileOptions, fileOptions } from '../files/options.ts';
import { findFiles } from './find-files.ts';
import { LocalTask } from './local-task.ts';

const config = defineConfig({
  inputPath: {
    doc:
      'The file to load, or a glob of files (./in/*.csv, ./in/**/*.csv.gz). Files are loaded in the order of their ' +
      'paths, and must be complete.',
    format: 'path',
    required: true,
  },
  ...fileOptions,
});

/** Files that are there already: each is loaded once, and then the connector is done. */
export default defineSourceConnector({
  name: 'local',
  doc: 'Loads a file, or the files that a glob names, each row exactly once, and ends.',
  config,
  check: checkFileOptions,
  async taskCount(values, tasksMax) {
    const files = await findFiles(values.inputPath);
    return Math.max(1, Math.min(tasksMax, files.length));
  },
  createTask,
});

async function createTask(values: ConfigValues<typeof config>, context: TaskContext): Promise<LocalTask> {
  const finisher = new Finisher(values);
  const excluded = await finisher.prepare(context.log);
  const { inputPath, onReappear } = values;
  const files = new FileTask(context, { onReappear, settleMs: 0, root: null, finisher, failOnDenied: true });
  return new LocalTask(context, { inputPath, excluded, files });
}
