import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './ports.ts';
import { ServerProcess } from './server-process.ts';
import { StackError } from './stack-error.ts';
import { makeTempFolder, releaseTempFolder, removeTempFolder } from './temp-folder.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 150;

/** A server that speaks HTTP on 127.0.0.1 and ends with the process which started it. */
export interface HttpServer {
  /** What its clients are given. */
  readonly url: string;
  readonly pid: number | undefined;
  readonly folder: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  release(): void;
}

/** How a server is started and known to be ready. */
export interface HttpServerOptions {
  readonly name: string;
  readonly preferredPort: number | undefined;
  /** The arguments of `java`; they must hold the folder's path, by which the process is known later. */
  readonly args: (port: number, folder: string) => readonly string[];
  /** The path below the root that clients are given. */
  readonly path: string;
  /** The path below that which answers 200 when the server is ready. */
  readonly readyPath: string;
}

/** Starts a Java server and waits until it answers. Throws a StackError that says why it does not. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const [port] = (await freePorts(1, options.preferredPort === undefined ? [] : [options.preferredPort])) as [
    number,
  ];
  const folder = await makeTempFolder(options.name);
  const process = new ServerProcess(options.args(port, folder), join(folder, `${options.name}.log`));
  const url = `http://127.0.0.1:${port}${options.path}`;
  const server: HttpServer = {
    url,
    folder,
    get pid() {
      return process.pid;
    },
    async stop() {
      await process.kill();
      await removeTempFolder(folder);
    },
    release() {
      process.release();
      releaseTempFolder(folder);
    },
  };
  process.start();
  try {
    await ready(`${url}${options.readyPath}`, options.name, process);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function ready(url: string, name: string, process: ServerProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (process.pid === undefined || Date.now() > deadline) {
      throw new StackError(`The ${name} server did not start; its last words:\n${process.logTail()}`);
    }
    await sleep(POLL_MS);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
