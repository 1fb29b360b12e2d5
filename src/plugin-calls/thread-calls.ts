import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { WORKER_OPTIONS } from '../config/define/worker-definition.ts';
import { ownModule } from '../own-modules.ts';
import { CallBoard } from './call-board.ts';
import { PluginCalls } from './plugin-calls.ts';

/** What a thread is started with that another one watches. */
export interface Watched {
  readonly board: SharedArrayBuffer;
}

/** Usage: what a plugin does wrong while nothing is read yet. */
const EXIT_CODE = 2;

let calls: PluginCalls | null = null;

/**
 * The calls of plugins that this thread makes. In a task's thread the worker watches them; the main thread gets a thread
 * that does, once it calls a plugin that is not built in.
 *
 * @param limitMs how long each may take from now on: said by whoever loads plugins
 */
export function threadCalls(limitMs?: number): PluginCalls {
  const { default: usual } = WORKER_OPTIONS.pluginTimeoutMs;
  calls ??= isMainThread ? ofMainThread(usual) : new PluginCalls(usual, boardOfThread());
  if (limitMs !== undefined) calls.setLimit(limitMs);
  return calls;
}

function boardOfThread(): CallBoard {
  const board = (workerData as Partial<Watched> | null)?.board;
  return new CallBoard(board instanceof SharedArrayBuffer ? board : undefined);
}

function ofMainThread(limitMs: number): PluginCalls {
  const board = new CallBoard();
  return new PluginCalls(limitMs, board, () => watch(board));
}

function watch(board: CallBoard): void {
  const watcher = new Worker(ownModule('src/plugin-calls/watch-thread'), {
    workerData: { board: board.memory } satisfies Watched,
  });
  watcher.on('message', () => process.exit(EXIT_CODE));
  process.once('exit', () => {
    const { stall, callee, holder } = board;
    if (stall === '' && callee === null) return;
    console.error(stall === '' ? `${holder} ended the process; expected it to return or throw` : stall);
    // Node's own is 13 where a promise was waited for that the plugin's end has left unsettled.
    process.exitCode = EXIT_CODE;
  });
  // After the listener, which would keep the process alive.
  watcher.unref();
}
