import { RestApp } from '../../src/rest/rest-app.ts';

/** Answers on a port of this machine that is free, whoever asks. */
export function openApp(onFault: (error: Error, path: string) => void = () => {}): RestApp {
  return new RestApp({
    listener: { protocol: 'http', host: '127.0.0.1', port: 0 },
    tls: null,
    authentication: null,
    onFault,
  });
}
