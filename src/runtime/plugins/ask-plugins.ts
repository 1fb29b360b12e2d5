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
  /** Each has an answer of its own, in this order. */
  readonly abouts: readonly PluginQuestions[Q]['about'][];
  readonly worker: WorkerConfig;
}

type Answer<Q extends keyof PluginQuestions> = PluginQuestions[Q]['answer'];

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
): Promise<Answer<Q>> {
  if (namesForeignPlugins(feed, worker)) return await askInThread(question, feed, worker);
  return await PLUGIN_ANSWERS[question](feed, worker);
}

/**
 * The same for several feeds, at the cost of one thread as long as every plugin comes back. Those behind one that does not
 * are asked side by side then: however many there are of it, they are waited for once.
 */
export async function askAboutAll<Q extends FeedQuestion>(
  question: Q,
  feeds: readonly ConfigEntries[],
  worker: WorkerConfig,
): Promise<readonly PromiseSettledResult<Answer<Q>>[]> {
  const foreign = feeds.filter((feed) => namesForeignPlugins(feed, worker));
  const { answers, failure } = await answersOfThread(question, foreign, worker);
  const results = new Map<ConfigEntries, Promise<Answer<Q>>>();
  for (const [at, feed] of foreign.entries()) {
    const answer = answers[at];
    if (answer !== undefined) results.set(feed, Promise.resolve(answer));
    else if (at === answers.length && failure !== null) results.set(feed, Promise.reject(failure));
  }
  return await Promise.allSettled(feeds.map((feed) => results.get(feed) ?? askAbout(question, feed, worker)));
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
): Promise<Answer<Q>> {
  const { answers, failure } = await answersOfThread(question, [about], worker);
  if (failure !== null) throw failure;
  return answers[0] as Answer<Q>;
}

interface ThreadAnswers<Q extends keyof PluginQuestions> {
  /** Of the first ones, up to the one that it failed at. */
  readonly answers: readonly Answer<Q>[];
  readonly failure: HeadraceError | null;
}

async function answersOfThread<Q extends keyof PluginQuestions>(
  question: Q,
  abouts: readonly PluginQuestions[Q]['about'][],
  worker: WorkerConfig,
): Promise<ThreadAnswers<Q>> {
  const answers: Answer<Q>[] = [];
  if (abouts.length === 0) return { answers, failure: null };
  const board = new CallBoard();
  const asked: PluginQuestion<Q> = { question, abouts, worker };
  const thread = new Worker(THREAD, {
    workerData: { ...asked, board: board.memory } satisfies PluginQuestion<Q> & Watched,
    name: `plugins-${question}`,
  });
  const { promise, resolve } = Promise.withResolvers<HeadraceError | null>();
  const fail = (why: string) => resolve(new HeadraceError('PLUGIN_FAILED', why));
  const watch = new StallWatch(board, fail);
  thread.on('message', (answer: Answer<Q>) => {
    answers.push(answer);
    if (answers.length === abouts.length) resolve(null);
  });
  thread.once('error', (error) => fail(`a plugin broke the thread that asked it: ${messageOf(error)}`));
  thread.once('exit', (code) => fail(`a plugin ended the thread that asked it, with code ${code}`));
  try {
    const failure = await promise;
    return { answers: [...answers], failure };
  } finally {
    watch.end();
    // What it leaves open, such as a timer, is of no use to anybody.
    void thread.terminate();
  }
}
