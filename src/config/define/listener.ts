import { isIPv4 } from 'node:net';

/** An address to listen on. Port 0 is any that is free. */
export interface Listener {
  readonly host: string;
  readonly port: number;
}

const LISTENER = /^http:\/\/(?:\[([0-9a-f:]+)\]|([^\s:/@?#[\]]+)):(\d{1,5})\/?$/i;

/** Reads `http://127.0.0.1:8083`; null when it is not a listener. */
export function parseListener(text: string): Listener | null {
  const [, ipv6, name, digits] = LISTENER.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? null : { host: host.toLowerCase(), port };
}

/** What is wrong with the first of the listeners that is wrong, or null. */
export function listenersMistake(listeners: readonly string[]): string | null {
  for (const [index, text] of listeners.entries()) {
    const mistake = listenerMistake(text);
    if (mistake !== null) return mistake;
    const isAgain = listeners.indexOf(text) < index && parseListener(text)?.port !== 0;
    if (isAgain) return `lists ${text} twice; expected each address once`;
  }
  return null;
}

function listenerMistake(text: string): string | null {
  const shown = JSON.stringify(text);
  if (/^https:/i.test(text)) return `expected http://HOST:PORT, got ${shown}; https is not there yet`;
  const listener = parseListener(text);
  if (listener === null) return `expected http://HOST:PORT such as http://127.0.0.1:8083, got ${shown}`;
  if (isLoopback(listener.host)) return null;
  return (
    `expected an address of this machine alone, such as http://127.0.0.1:${listener.port}, got ${shown}; another ` +
    'address needs authentication, which is not there yet'
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
