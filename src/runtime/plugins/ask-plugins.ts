import { Worker } from 'node:worker_threads';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import { ownModule } from '../../own-modules.ts';
import { CallBoard } from '../../plugin-calls/call-board.ts';
import { StallWatch } from '../../plugin-calls/stall-watch.ts';
import type { Watched } from '../../plugin-calls/thread-calls.ts';
import { namesForeignPlugins } from './foreign-plugins.ts';
import { type FeedQuestion, PLUGIN_ANSWERS, type PluginQuestions } from './plugin-answers.ts';

/** What a thread is started with. */
export interface PluginQuestion<Q extends keyof PluginQuestions> {
  readonly question: Q;
  readonly about: PluginQuestions[Q]['about'];
  readonly worker: WorkerConfig;
}

const THREAD = ownModule('src/runtime/plugins/plugin-thread');

/**
 * Asks the plugins of a feed: here where all of them are built in, else in a thread of their own.
 *
 * @throws HeadraceError PLUGIN_FAILED that names the plugin which did not come back, or broke the thread
 */
export async function askAbout<Q extends FeedQuestion>(
  question: Q,
  feed: ConfigEntries,
  worker: WorkerConfig,
): Promise<PluginQuestions[Q]['answer']> {
  if (namesForeignPlugins(feed, worker)) return await askInThread(question, feed, worker);
  return await PLUGIN_ANSWERS[question](feed, worker);
}

/**
 * Asks plugins in a thread of their own: one that never comes back holds neither the worker's requests nor its feeds.
 *
 * @throws HeadraceError PLUGIN_FAILED that names the plugin which did not come back, or broke the thread
 */
export async function askInThread<Q extends keyof PluginQuestions>(
  question: Q,
  about: PluginQuestions[Q]['about'],
  worker: WorkerConfig,
): Promise<PluginQuestions[Q]['answer']> {
  const board = new CallBoard();
  const asked: PluginQuestion<Q> = { question, about, worker };
  const thread = new Worker(THREAD, {
    workerData: { ...asked, board: board.memory } satisfies PluginQuestion<Q> & Watched,
    name: `plugins-${question}`,
  });
  const { promise, resolve, reject } = Promise.withResolvers<PluginQuestions[Q]['answer']>();
  const fail = (why: string) => reject(new HeadraceError('PLUGIN_FAILED', why));
  const watch = new StallWatch(board, fail);
  thread.once('message', resolve);
  thread.once('error', (error) => fail(`a plugin broke the thread that asked it: ${messageOf(error)}`));
  thread.once('exit', (code) => fail(`a plugin ended the thread that asked it, with code ${code}`));
  try {
    return await promise;
  } finally {
    watch.end();
    // What it leaves open, such as a timer, is of no use to anybody.
    void thread.terminate();
  }
}
