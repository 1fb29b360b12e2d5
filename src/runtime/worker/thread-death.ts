import type { CallBoard } from '../../plugin-calls/call-board.ts';
import type { ErrorReport } from '../events/events.ts';

/** A plugin held the thread for too long, so that it was ended. */
export class PluginHolds extends Error {}

/** How a task's thread ended that has not said why. */
export interface ThreadDeath {
  readonly board: CallBoard;
  /** What nobody caught in it; null when it ended by itself. */
  readonly crash: Error | null;
  readonly code: number;
}

/** Which plugin it was in, as far as the thread's board tells, and whether to try again. */
export function deathReport({ board, crash, code }: ThreadDeath): ErrorReport {
  if (crash instanceof PluginHolds) return { code: 'PLUGIN_FAILED', message: crash.message, retriable: true };
  const { holder, plugins } = board;
  if (crash === null && holder !== null) {
    // Whatever a plugin ends the process for, it would do again.
    const message = `${holder} ended the task's thread (process.exit, code ${code}); expected it to return or throw`;
    return { code: 'PLUGIN_FAILED', message, retriable: false };
  }
  const where = plugins === '' ? '' : `; the task runs ${plugins}`;
  if (isOutOfMemory(crash)) {
    const message = `the task's thread ran out of memory${holder === null ? where : `, in ${holder}`}`;
    return { code: 'TASK_DIED', message, retriable: true };
  }
  return {
    code: 'TASK_DIED',
    message: `${crash?.message ?? `the task's thread ended with code ${code}`}${where}`,
    retriable: true,
    ...(crash?.stack === undefined ? {} : { stack: crash.stack }),
  };
}

function isOutOfMemory(crash: Error | null): boolean {
  return (crash as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
