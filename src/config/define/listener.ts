import { isIPv4 } from 'node:net';

/** An address to listen on. Port 0 is any that is free. */
export interface Listener {
  readonly protocol: 'http' | 'https';
  /** `::` where none is written: every address of the machine, as in Kafka Connect. */
  readonly host: string;
  readonly port: number;
}

const LISTENER = /^(https?):\/\/(?:\[([0-9a-f:]+)\]|([^\s:/@?#[\]]*)):(\d{1,5})\/?$/i;

/** Reads `http://127.0.0.1:8083`; null when it is not a listener. */
export function parseListener(text: string): Listener | null {
  const [, protocol, ipv6, name, digits] = LISTENER.exec(text) ?? [];
  if (protocol === undefined) return null;
  const host = (ipv6 ?? name ?? '').toLowerCase();
  const port = Number(digits);
  if (port > 65_535) return null;
  return { protocol: protocol.toLowerCase() as 'http' | 'https', host: host === '' ? '::' : host, port };
}

/** `127.0.0.1:8083`, as URLs have it. */
export function authorityOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether only this machine reaches a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Whether a host, as URLs have it, stands for every address of the machine. */
export function isEveryHost(hostname: string): boolean {
  return hostname === '0.0.0.0' || hostname === '[::]';
}

/** Whether text is a host by itself, a name or an address; one of IPv6 is without brackets. */
export function isHost(text: string): boolean {
  return parseListener(`http://${authorityOf(text, 0)}`) !== null && text !== '';
}
