import { storedEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import { createPluginLoader } from '../../loader/plugin-loader.ts';
import { askAbout } from '../../runtime/plugins/ask-plugins.ts';
import type { FeedAnswer } from '../../runtime/plugins/plugin-answers.ts';
import type { FeedOutline } from '../../runtime/worker/feed.ts';
import type { ConfigMap } from '../config-request.ts';
import { RestError } from '../rest-error.ts';
import { errorText, invalidConfigMessage } from './config-errors.ts';

/**
 * The feed of a configuration that was sent, when nothing is wrong with it. Relative paths are relative to the folder that
 * the worker runs in.
 *
 * @throws RestError 400 with every mistake, in Kafka Connect's words
 */
export async function goodFeed(config: ConfigMap, worker: WorkerConfig): Promise<FeedOutline> {
  const { feed, problems, options } = await checkFeed(config, worker, 'feed');
  if (feed !== null) return feed;
  throw new RestError(
    400,
    invalidConfigMessage(problems.map((problem) => errorText(problem, config, options))),
  );
}

/**
 * Checks a configuration that was sent. A plugin that does not come back is a problem like others.
 *
 * @throws RestError 400 when it does not say which connector it is for, or there is none of that name
 */
export async function checkFeed(
  config: ConfigMap,
  worker: WorkerConfig,
  question: 'check' | 'feed' = 'check',
): Promise<FeedAnswer> {
  const { 'connector.class': name } = config;
  if (name === undefined) {
    // Without their values: which of them are secret, only the connector would tell.
    const keys = Object.keys(config).join(', ');
    throw new RestError(400, `Connector config {${keys}} contains no connector type`);
  }
  const answer = await askAbout(question, storedEntries(config), worker).catch(held);
  const isUnknown = answer.problems.some(
    ({ key, message }) => key === 'connector.class' && message.includes(`is called "${name}"`),
  );
  if (isUnknown) throw unknownConnector(name, createPluginLoader(worker).names('source'));
  return answer;
}

function held(error: unknown): FeedAnswer {
  if (!(error instanceof HeadraceError)) throw error;
  const problem = { file: null, line: null, column: null, key: null, message: error.message };
  return { feed: null, problems: [problem], options: new Map() };
}

function unknownConnector(name: string, known: readonly string[]): RestError {
  const message = `Failed to find any class that implements Connector and which name matches ${name}`;
  return new RestError(400, `${message}, available connectors are: ${known.join(', ')}`);
}
