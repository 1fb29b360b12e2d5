import type { WorkerConfig } from '../../config/worker-config.ts';
import { Authentication } from './authentication.ts';
import { ChangingFile } from './changing-file.ts';
import { listenerTls, type Tls } from './tls.ts';
import { Users } from './users.ts';

/** What stands between a worker and who asks it. */
export interface Doors {
  /** For listeners that are https; null where the worker has no key. */
  readonly tls: Tls | null;
  /** Null where everybody who reaches a listener may ask. */
  readonly authentication: Authentication | null;
}

/**
 * Reads a worker's certificates and users.
 *
 * @param onMistake told of what is wrong with a file that has changed
 * @throws HeadraceError CONFIG_INVALID naming the key whose file is wrong.
 */
export function openDoors(worker: WorkerConfig, onMistake: (message: string) => void): Doors {
  const { listenersHttpsSslKeystoreLocation: keystore, restUsersFile } = worker;
  const users = (path: string) =>
    new ChangingFile('rest.users.file', path, (text) => new Users(text), onMistake);
  return {
    tls: keystore === null ? null : listenerTls(keystore, worker, onMistake),
    authentication: restUsersFile === null ? null : new Authentication(users(restUsersFile)),
  };
}
