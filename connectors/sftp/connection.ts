import { HeadraceError, messageOf, type PluginLog } from '../../src/plugin/index.ts';
import { loadSdk } from '../../src/values/load-sdk.ts';
import { MayPass, retrying } from '../files/remote/retrying.ts';
import { nameOf } from './login.ts';
import { routeOf, type SftpValues } from './options.ts';
import type { SftpSession } from './session.ts';

/** For so long the first connection does alone, after another beside it could not be had. */
const DO_WITHOUT_MS = 60_000;

/**
 * Logs in to a server.
 *
 * @throws HeadraceError CONFIG_INVALID or SOURCE_UNREADABLE, at once: a first connection is not tried again
 */
export async function openSftp(values: SftpValues, log: PluginLog): Promise<SftpPool> {
  const { default: ssh2 } = await loadSdk('ssh2', 'connector.class: sftp', () => import('ssh2'));
  const { connect } = await import('./connect.ts');
  const route = routeOf(values);
  const dial = () => connect(ssh2, route);
  return new SftpPool({ name: nameOf(route.server), most: values.sftpConnections, log, dial }, await dial());
}

interface PoolOptions {
  /** `sftp://user@host:port`, for messages. */
  readonly name: string;
  /** Connections at most. */
  readonly most: number;
  readonly log: PluginLog;
  readonly dial: () => Promise<SftpSession>;
}

/** The connections to one server, each made anew when it is asked for and was lost. */
export class SftpPool {
  readonly #options: PoolOptions;
  readonly #sessions: (SftpSession | null)[];
  readonly #dialing = new Map<number, Promise<SftpSession>>();
  #doesWithoutUntil = 0;
  #isClosed = false;

  constructor(options: PoolOptions, first: SftpSession) {
    this.#options = options;
    this.#sessions = [first];
  }

  get name(): string {
    return this.#options.name;
  }

  get log(): PluginLog {
    return this.#options.log;
  }

  /**
   * Does something on the first connection; once more on a new one when that broke, so it must bear being done twice.
   *
   * @param what for the log
   */
  ask<T>(what: string, act: (session: SftpSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    const attempt = async () => act(await this.session(0));
    return retrying(`${what} on ${this.name}`, attempt, { signal, log: this.log });
  }

  /**
   * One of the connections; any number will do. Where the server does not take another one, the first.
   *
   * @throws MayPass, or a HeadraceError that is not retriable
   */
  async session(number: number): Promise<SftpSession> {
    const index = number % this.#options.most;
    const session = this.#sessions[index];
    if (session?.isLost === false) return session;
    if (index === 0) return this.#dial(0);
    if (performance.now() < this.#doesWithoutUntil) return this.session(0);
    try {
      return await this.#dial(index);
    } catch (error) {
      this.#doesWithoutUntil = performance.now() + DO_WITHOUT_MS;
      const reason = messageOf(error instanceof MayPass ? error.cause : error);
      this.log.warn('another connection could not be made; reading goes on without it', { error: reason });
      return this.session(0);
    }
  }

  /** Ends all connections; what is under way on them fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#dialing.values());
    for (const session of this.#sessions) session?.end();
  }

  #dial(index: number): Promise<SftpSession> {
    const dialing = this.#dialing.get(index) ?? this.#replace(index);
    this.#dialing.set(index, dialing);
    return dialing;
  }

  async #replace(index: number): Promise<SftpSession> {
    try {
      if (this.#isClosed) throw new Error(`${this.name} was left`);
      const session = await this.#options.dial();
      this.#sessions[index] = session;
      return session;
    } catch (error) {
      if (error instanceof HeadraceError && error.retriable)
        throw new MayPass(error.message, { cause: error });
      throw error;
    } finally {
      this.#dialing.delete(index);
    }
  }
}
