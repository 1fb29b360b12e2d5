import { pino } from 'pino';
import { loadWorkerConfig } from '../../config/worker-file.ts';
import { logEvent } from '../../runtime/event-log.ts';
import { readFeeds } from '../../runtime/feed-files.ts';
import { Herder } from '../../runtime/herder.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { reportError } from '../report-error.ts';

/** Resolves with the exit code when the worker was told to stop, or has nothing left to do. */
export async function run(feedPaths: readonly string[], workerPath: string | null): Promise<number> {
  const worker = loadWorkerConfig(workerPath, process.env);
  const feeds = await readFeeds(feedPaths, worker);
  const log = pino({ level: worker.logLevel, base: null }, pino.destination({ fd: 2, sync: true }));
  const herder = new Herder(worker);
  herder.events.subscribe((event) => logEvent(log, event));
  const stopped = stopOnSignal(herder, (signal) => log.info({ signal }, 'stopping'));
  const aliveThoughIdle = setInterval(() => {}, 2 ** 30);
  try {
    if (await herder.start(feeds)) {
      log.info({ connectors: [...herder.connectors.keys()] }, 'worker started');
      await Promise.race([stopped, herder.completed()]);
    }
    log.info('worker stopped');
    return EXIT.ok;
  } catch (error) {
    await herder.stop();
    reportError(error);
    return exitCodeOf(error);
  } finally {
    clearInterval(aliveThoughIdle);
  }
}

/** The first signal lets every task commit and close; a second one ends the process there and then. */
function stopOnSignal(herder: Herder, tell: (signal: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
      stopping = true;
      tell(signal);
      herder.stop().then(resolve, reject);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
