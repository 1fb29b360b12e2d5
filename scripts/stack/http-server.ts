import { LocalServer, type LocalServerOptions } from './local-server.ts';

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
export interface HttpServerOptions extends Omit<LocalServerOptions, 'isReady'> {
  /** The path below the root that clients are given. */
  readonly path: string;
  /** The path below that which is answered when the server is ready, with a status of success unless told. */
  readonly readyPath: string;
  readonly readyStatus?: number;
}

/** Starts a server and waits until it answers. Throws a StackError that says why it does not. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { readyPath, readyStatus } = options;
  const urlOf = (port: number) => `http://127.0.0.1:${port}${options.path}`;
  const server = await LocalServer.start({
    ...options,
    isReady: (port) => answers(`${urlOf(port)}${readyPath}`, readyStatus),
  });
  return {
    url: urlOf(server.port),
    folder: server.folder,
    get pid() {
      return server.pid;
    },
    stop: () => server.stop(),
    release: () => server.release(),
  };
}

/** Whether it answers, with this status or with one of success. */
export async function answers(url: string, status?: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return status === undefined ? response.ok : response.status === status;
  } catch {
    return false;
  }
}
