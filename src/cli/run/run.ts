import { once } from 'node:events';
import type { Logger } from 'pino';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { loadWorkerConfig } from '../../config/worker-file.ts';
import { HeadraceError, messageOf } from '../../errors.ts';
import { OWN_VERSION } from '../../own-modules.ts';
import { logEvent } from '../../runtime/events/event-log.ts';
import { WorkerLog } from '../../runtime/events/worker-log.ts';
import type { Expectations } from '../../runtime/expectations/expectations.ts';
import { FileStates } from '../../runtime/files/file-states.ts';
import { readFeedOutlines } from '../../runtime/worker/feed-files.ts';
import { Herder } from '../../runtime/worker/herder.ts';
import { requireSideBySide } from '../../runtime/worker/side-by-side.ts';
import { terminalOf } from '../../terminal/terminal.ts';
import { STOP_SIGNALS } from '../end-at-signals.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { type LostLines, outputInPlaceOf } from '../log-output.ts';
import { printError } from '../print.ts';
import { exitCodeOfSignal, stopSignal } from '../stop-signal.ts';
import { alarmAt } from './folder-alarm.ts';
import { prettyLine } from './pretty-log.ts';
import { watchHandOvers } from './watch-hand-overs.ts';
import { WatchedFeeds } from './watched-feeds.ts';
import { followPlugins, requirePluginPath } from './watched-plugins.ts';

export interface RunOptions {
  /** Of the worker; null: the environment has it. */
  readonly worker: string | null;
  /** A folder of feeds that is watched. */
  readonly feeds: string | null;
  /** Feeds begin again when their plugins change. */
  readonly watchesPlugins: boolean;
  /** The log is for people to read. */
  readonly isPretty: boolean;
}

/**
 * Resolves with the exit code when the worker was told to stop, or has nothing left to do. One with listeners has also the
 * connectors that were made over REST; it may begin without any, and so may one that watches a folder of feeds.
 */
export async function run(feedPaths: readonly string[], options: RunOptions): Promise<number> {
  const worker = await loadWorkerConfig(options.worker, process.env);
  const keepsConfigs = worker.listeners.length > 0;
  if (feedPaths.length === 0 && !keepsConfigs && options.feeds === null) throw nothingToRun();
  if (options.watchesPlugins) requirePluginPath(worker);
  const named = await readFeedOutlines(feedPaths, worker);
  requireSideBySide(named);
  const herder = new Herder({ worker, keepsConfigs });
  const loggers = openLog(worker, herder, options.isPretty);
  const log = loggers.root;
  for (const warning of worker.warnings) log.warn({ warning }, 'worker configuration');
  herder.events.subscribe((event) => logEvent(loggers.of(event), event));
  const files = new FileStates({
    worker,
    herder,
    onFailure: (reason) =>
      log.warn({ reason }, 'states of files cannot be kept in file.status.storage.topic'),
  });
  herder.events.subscribe((event) => files.apply(event));
  const handOvers = watchHandOvers(worker, herder, log);
  const watched = options.feeds === null ? null : new WatchedFeeds({ folder: options.feeds, worker, log });
  const feeds = [...named, ...((await watched?.begin(named)) ?? [])];
  const stop = stopSignal(watched === null ? STOP_SIGNALS : STOP_SIGNALS.filter((name) => name !== 'SIGHUP'));
  const stopped = once(stop.signal, 'abort').then(() => {
    log.info({ signal: stop.received() }, 'stopping');
    return herder.stop();
  });
  const aliveThoughIdle = setInterval(() => {}, 2 ** 30);
  let closeRest = async () => {};
  let unwatch = async () => {};
  let unwatchPlugins = async () => {};
  try {
    unwatch = watched === null ? unwatch : followFolder(watched, options.feeds ?? '', herder, log);
    const { expectations } = handOvers;
    const rest = await startRest({ worker, herder, files, expectations, loggers });
    closeRest = rest.close;
    if (options.watchesPlugins) unwatchPlugins = followPlugins({ worker, herder, log });
    if (await herder.start(feeds, rest.url)) {
      log.info({ connectors: [...herder.connectors.keys()] }, 'worker started');
      const ends = watched === null ? [stopped, herder.completed()] : [stopped];
      await Promise.race([...ends, herder.failed]);
    } else await stopped;
    log.info('worker stopped');
    // A hang-up is a stop that nobody has ordered: a service manager is to start the worker again.
    return stop.received() === 'SIGHUP' ? exitCodeOfSignal('SIGHUP') : EXIT.ok;
  } catch (error) {
    await herder.stop();
    printError(error);
    return exitCodeOf(error);
  } finally {
    await unwatch();
    await unwatchPlugins();
    await closeRest();
    await handOvers.close();
    await files.close();
    clearInterval(aliveThoughIdle);
  }
}

/** Has what the folder says, at a change of it and at SIGHUP; gives what ends that. */
function followFolder(
  watched: WatchedFeeds,
  folder: string,
  herder: Herder,
  log: Logger,
): () => Promise<void> {
  let turn = Promise.resolve();
  const follow = (isAsked: boolean) => {
    turn = turn
      // What happens while it starts is seen by the next look.
      .then(() => (herder.isReady ? watched.follow(herder, isAsked) : undefined))
      .catch((error) => log.error({ reason: messageOf(error) }, 'feeds could not be followed'));
  };
  const onHangUp = () => {
    log.info({ signal: 'SIGHUP' }, 'reading feeds again');
    follow(true);
  };
  process.on('SIGHUP', onHangUp);
  const silence = alarmAt(folder, () => follow(false));
  return async () => {
    process.off('SIGHUP', onHangUp);
    await silence();
    await turn;
  };
}

const WARN_LEVEL = 40;

/** The log on standard error; what plugins print goes the same ways, and fails as little. */
function openLog(worker: WorkerConfig, herder: Herder, isPretty: boolean): WorkerLog {
  const { logLevel, logTimeFormat: timeFormat } = worker;
  const { paint } = terminalOf(true, process.stderr);
  const shown = (line: string) => (isPretty ? prettyLine(line, paint) : line);
  const now = () => (timeFormat === 'iso' ? new Date().toISOString() : Date.now());
  const options = {
    lossLine: (lost: LostLines) =>
      shown(JSON.stringify({ level: WARN_LEVEL, time: now(), ...lost, msg: 'log lines lost' })),
    onLost: (lines: number) => herder.events.publish({ type: 'log.lost', lines }),
  };
  outputInPlaceOf('stdout', options);
  const output = outputInPlaceOf('stderr', options);
  const write = (line: string) => output.write(`${shown(line.trimEnd())}\n`);
  return new WorkerLog(logLevel, isPretty ? { write } : output, { timeFormat });
}

function nothingToRun(): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    'expected a feed file, got none; a worker begins without feeds where its file sets listeners, over which they are made, ' +
      'or where it watches a folder of them (--feeds)',
  );
}

interface RestOptions {
  readonly worker: WorkerConfig;
  readonly herder: Herder;
  readonly files: FileStates;
  readonly expectations: Expectations;
  readonly loggers: WorkerLog;
}

interface RunningRest {
  /** Where other workers reach it; empty where nothing listens. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Answers REST requests if the worker has listeners. A worker without does not load it. */
async function startRest(options: RestOptions): Promise<RunningRest> {
  const { worker, loggers } = options;
  if (worker.listeners.length + worker.metricsListeners.length === 0)
    return { url: '', close: async () => {} };
  const { RestServer } = await import('../../rest/rest-server.ts');
  const { root: log } = loggers;
  const server = await RestServer.start({
    ...options,
    cluster: options.herder.cluster,
    version: OWN_VERSION,
    onListening: (address) => log.info({ address }, 'REST listening'),
    onStatusFailure: (reason) => log.warn({ reason }, 'states cannot be written to status.storage.topic'),
    onHiddenMetric: (metric) => log.warn(metric, 'metric of a plugin is not shown'),
    onMistake: (reason) => log.warn({ reason }, 'REST file not taken over'),
    onFault: ({ message, stack }, path) => log.error({ path, error: message, stack }, 'REST request failed'),
  });
  return { url: server.advertisedUrl, close: () => server.close() };
}
