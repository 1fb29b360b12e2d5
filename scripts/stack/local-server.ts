import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './ports.ts';
import { ServerProcess } from './server-process.ts';
import { StackError } from './stack-error.ts';
import { makeTempFolder, releaseTempFolder, removeTempFolder } from './temp-folder.ts';

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/** How a server is started and known to be ready. */
export interface LocalServerOptions {
  readonly name: string;
  /** Taken if it is free; else any free port. */
  readonly preferredPort: number | undefined;
  readonly command: string;
  /** They must hold the folder's path, by which the process is known later. */
  readonly args: (port: number, folder: string) => readonly string[];
  /** Lays out the folder before the first start. */
  readonly prepare?: (folder: string) => Promise<void>;
  readonly isReady: (port: number) => Promise<boolean>;
}

/** A server on 127.0.0.1 that ends with the process which started it, and its folder with it. */
export class LocalServer {
  readonly port: number;
  readonly folder: string;
  readonly #options: LocalServerOptions;
  readonly #process: ServerProcess;

  private constructor(options: LocalServerOptions, port: number, folder: string) {
    this.port = port;
    this.folder = folder;
    this.#options = options;
    const log = join(folder, `${options.name}.log`);
    this.#process = new ServerProcess(options.command, options.args(port, folder), log);
  }

  /** Starts it and waits until it answers. Throws a StackError that says why it does not. */
  static async start(options: LocalServerOptions): Promise<LocalServer> {
    const preferred = options.preferredPort === undefined ? [] : [options.preferredPort];
    const [port] = (await freePorts(1, preferred)) as [number];
    const server = new LocalServer(options, port, await makeTempFolder(options.name));
    try {
      await options.prepare?.(server.folder);
      await server.start();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Starts it again after `kill`, on the same port and folder; returns when it answers. */
  async start(): Promise<void> {
    this.#process.start();
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#options.isReady(this.port))) {
      if (this.pid === undefined || Date.now() > deadline) {
        const words = this.#process.logTail();
        throw new StackError(`The ${this.#options.name} server did not start; its last words:\n${words}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** Gone at once, its folder kept. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    await removeTempFolder(this.folder);
  }

  /** Lets it outlive this process. */
  release(): void {
    this.#process.release();
    releaseTempFolder(this.folder);
  }
}
