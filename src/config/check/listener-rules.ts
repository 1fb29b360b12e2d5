import type { ConfigValues } from '../../plugin/index.ts';
import {
  authorityOf,
  isEveryHost,
  isHost,
  isLoopback,
  type Listener,
  parseListener,
} from '../define/listener.ts';
import type { WORKER_OPTIONS } from '../define/worker-definition.ts';

type Options = ConfigValues<typeof WORKER_OPTIONS>;

/** What is wrong with the first of the listeners that is wrong, or null. */
export function listenersMistake(config: Options): string | null {
  const mistake = firstMistake(config, config.listeners, []);
  if (mistake !== null) return mistake;
  const open = config.listeners.find((text) => !isGuarded(parseListener(text) as Listener, config));
  if (open === undefined || config.restAllowUnauthenticated) return null;
  const { port } = parseListener(open) as Listener;
  return (
    `expected an address of this machine alone, such as http://127.0.0.1:${port}, got ${JSON.stringify(open)}, where ` +
    'others reach it; name who may in rest.users.file, or set rest.allow.unauthenticated: true to let everybody ' +
    'read and change everything'
  );
}

/** Metrics are for others to scrape, so that any address will do. */
export function metricsListenersMistake(config: Options): string | null {
  return firstMistake(config, config.metricsListeners, config.listeners);
}

export function advertisedListenerMistake(config: Options): string | null {
  const { restAdvertisedListener: wanted, listeners } = config;
  const protocols = listeners.map((text) => parseListener(text)?.protocol);
  if (wanted === null || listeners.length === 0 || protocols.some((one) => one === wanted)) return null;
  return `expected the protocol of one of the listeners, got ${wanted}; none of ${listeners.join(', ')} has it`;
}

export function advertisedHostMistake({ restAdvertisedHostName: host }: Options): string | null {
  if (host === null || (isHost(host) && !isEveryHost(new URL(`http://${authorityOf(host, 0)}`).hostname)))
    return null;
  return `expected the name or address of one machine, such as worker-1.example, got ${JSON.stringify(host)}`;
}

export function advertisedPortMistake({ restAdvertisedPort: port }: Options): string | null {
  if (port === null || (port >= 1 && port <= 65_535)) return null;
  return `expected 1 to 65535, got ${port}`;
}

/** What is missing for the certificates that clients are to have. */
export function clientCertificatesMistake(config: Options): string | null {
  const { listenersHttpsSslClientAuth: wanted, listenersHttpsSslTruststoreLocation: trusted } = config;
  if (wanted === 'none' || trusted !== null) return null;
  return `${wanted} needs listeners.https.ssl.truststore.location: a PEM file with who signs the certificates of clients`;
}

function firstMistake(
  config: Options,
  listeners: readonly string[],
  others: readonly string[],
): string | null {
  for (const [index, text] of listeners.entries()) {
    const listener = parseListener(text);
    if (listener === null) {
      const shown = JSON.stringify(text);
      return `expected http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:8083, got ${shown}`;
    }
    const isAgain = [...others, ...listeners.slice(0, index)].some((other) => isSame(listener, other));
    if (isAgain) return `lists ${text} twice; expected each address once`;
    if (listener.protocol === 'https' && config.listenersHttpsSslKeystoreLocation === null) {
      return `${text} needs listeners.https.ssl.keystore.location: a PEM file with the key and certificates of the worker`;
    }
  }
  return null;
}

function isSame({ host, port }: Listener, text: string): boolean {
  const other = parseListener(text);
  return port !== 0 && other !== null && authorityOf(other.host, other.port) === authorityOf(host, port);
}

/** Whether who reaches a listener is known, or can only come from this machine. */
function isGuarded({ protocol, host }: Listener, config: Options): boolean {
  if (isLoopback(host) || config.restUsersFile !== null) return true;
  return protocol === 'https' && config.listenersHttpsSslClientAuth === 'required';
}
