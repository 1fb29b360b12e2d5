import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HeadraceError } from '../../errors.ts';
import type { OffsetReader, PluginContext } from '../../plugin/index.ts';
import type { LetterContent } from '../../sink/letter-content.ts';
import type { TaskPlan } from '../task/task-plan.ts';
import { CsvDeadLetterFile } from './dead-letter-file.ts';
import { formerLetterFiles, letterFileName, type MarkRecord, storedMark } from './dead-letter-mark.ts';
import { closeLetters } from './dead-letter-takeover.ts';

export interface LetterFilesOptions {
  /** `errors.deadletterqueue.file` */
  readonly path: string;
  /** `errors.deadletterqueue.file.escape.formulas` */
  readonly escapesFormulas: boolean;
  /** `errors.deadletterqueue.value` */
  readonly content: LetterContent;
  readonly plan: Pick<TaskPlan, 'connector' | 'taskId' | 'taskCount'>;
  readonly offsets: OffsetReader;
  /** Writes a record of the offset topic, in the transaction that is open or in one of its own. */
  readonly store: (record: MarkRecord) => Promise<void>;
  readonly log: PluginContext['log'];
}

/**
 * Opens the dead-letter file of a task. The first one also ends the files of tasks that are no more, since `tasks.max` or
 * the number of files was another.
 *
 * @throws HeadraceError DEAD_LETTER_FAILED when one cannot be written, KAFKA_FENCED when another has taken over
 */
export async function openDeadLetterFile(options: LetterFilesOptions): Promise<CsvDeadLetterFile> {
  const { path, escapesFormulas, content, plan, offsets, store, log } = options;
  const { connector, taskId, taskCount } = plan;
  await makeFolder(path, log);
  if (taskId === 0) {
    for (const name of formerLetterFiles(offsets, path, taskCount)) {
      await closeLetters({ name, connector, mark: storedMark(offsets, name), escapesFormulas, store, log });
    }
  }
  const name = letterFileName(path, taskId, taskCount);
  const mark = storedMark(offsets, name);
  return CsvDeadLetterFile.open({ name, connector, mark, escapesFormulas, store, log }, content);
}

/** Only the last folder is made: a missing one above it is more likely a mount that is away, or a slip in the path. */
async function makeFolder(path: string, log: PluginContext['log']): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder);
    log.info('folder made', { option: 'errors.deadletterqueue.file', path: folder });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Whatever else is wrong with it, whoever opens the file tells.
    if (code !== 'ENOENT') return;
    throw new HeadraceError(
      'DEAD_LETTER_FAILED',
      `errors.deadletterqueue.file ${path}: there is no folder ${dirname(folder)}; make it, or mend the path`,
      { cause: error, awaits: dirname(folder) },
    );
  }
}
