import { HeadraceError } from '../../errors.ts';

/** Hosts and ports of `bootstrap.servers`; an IPv6 address stands in brackets. Throws CONFIG_INVALID. */
export function parseBootstrapServers(value: string): { host: string; port: number }[] {
  const servers = value.split(',').flatMap((part) => {
    const server = part.trim();
    if (server === '') return [];
    const match = /^(?:[A-Z_]+:\/\/)?(\[[0-9a-f:.]+\]|[^:[\]/\s]+):(\d{1,5})$/i.exec(server);
    const port = Number(match?.[2]);
    if (match?.[1] === undefined || port < 1 || port > 65535) throw badServers(value, server);
    return [{ host: match[1].replace(/^\[|\]$/g, ''), port }];
  });
  if (servers.length === 0) throw badServers(value, value);
  return servers;
}

function badServers(value: string, server: string): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `bootstrap.servers is "${value}", in which "${server}" is not host:port. Write it like "kafka-1:9092,kafka-2:9092".`,
  );
}
