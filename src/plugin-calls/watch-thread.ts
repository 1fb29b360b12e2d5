import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { CallBoard } from './call-board.ts';
import { StallWatch } from './stall-watch.ts';
import type { Watched } from './thread-calls.ts';

/*
 * Watches the main thread. One that a plugin holds cannot end itself: the inspector takes the plugin's function off it,
 * and the message that waits for it then is the end. Where that does not help, as in a call of the system, the process is
 * killed.
 */

const PATIENCE_MS = 5_000;
const STANDARD_ERROR = 2;

new StallWatch(new CallBoard((workerData as Watched).board), (message) => {
  setTimeout(() => {
    writeSync(STANDARD_ERROR, `${message}\n`);
    process.kill(process.pid, 'SIGKILL');
  }, PATIENCE_MS);
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => {
    session.disconnect();
    parentPort?.postMessage('stalled');
  });
});
// An interval that nothing waits for would let the thread end.
parentPort?.ref();
parentPort?.on('message', () => {});
