import { hostname } from 'node:os';
import { authorityOf, isEveryHost } from '../config/define/listener.ts';
import type { WorkerConfig } from '../config/worker-config.ts';

type Advertised = Pick<
  WorkerConfig,
  'restAdvertisedListener' | 'restAdvertisedHostName' | 'restAdvertisedPort'
>;

/**
 * Where others reach a worker: `http://host:port`. As Kafka Connect has it, they know one that listens on every address by
 * the name of its machine.
 *
 * @param addresses that it listens on, at least one
 */
export function advertisedUrl(addresses: readonly string[], advertised: Advertised): string {
  const { restAdvertisedListener, restAdvertisedHostName, restAdvertisedPort } = advertised;
  const urls = addresses.map((address) => new URL(address));
  const isChosen = ({ protocol }: URL) => protocol === `${restAdvertisedListener}:`;
  const { protocol, hostname: host, port } = urls.find(isChosen) ?? (urls[0] as URL);
  const told = isEveryHost(host) ? hostname() : host.replace(/^\[|\]$/g, '');
  // A port that is the protocol's own is left out by URLs.
  const own = port === '' ? STANDARD_PORTS[protocol] : port;
  return `${protocol}//${authorityOf(restAdvertisedHostName ?? told, restAdvertisedPort ?? Number(own))}`;
}

const STANDARD_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** By which Kafka Connect's clients know a worker: host and port. */
export function workerIdAt(url: string): string {
  return url.slice(url.indexOf('//') + 2);
}
