import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../docs/markdown.ts';

/** What is looked at of a service. */
export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: object;
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly extends?: { readonly file: string; readonly service: string };
  readonly privileged?: boolean;
  readonly network_mode?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

/** A file as Compose reads it: a service that extends another one has what that has. */
export function composed(text: string, folder = ROOT): Compose {
  const compose = parse(text) as Compose;
  const services = Object.entries(compose.services).map(([name, service]) => {
    if (service.extends === undefined) return [name, service] as const;
    const { file, service: other } = service.extends;
    const { services } = composed(readFileSync(join(folder, file), 'utf8'), dirname(join(folder, file)));
    return [name, { ...services[other], ...service }] as const;
  });
  return { ...compose, services: Object.fromEntries(services) };
}

export interface Mount {
  readonly from: string;
  readonly at: string;
}

export function mountsOf({ volumes = [] }: Service): Mount[] {
  return volumes.map((volume) => {
    const [from = '', at = ''] = volume.split(':');
    return { from, at };
  });
}

/** Where a file of a container comes from; null where nothing is mounted there. */
export function mounted(service: Service, path: string): string | null {
  const mount = mountsOf(service).find(({ at }) => path === at || path.startsWith(`${at}/`));
  return mount === undefined ? null : posix.join(mount.from, path.slice(mount.at.length));
}

/** Ports in the containers, as the services' settings name them. */
const LISTENS: Readonly<Record<string, readonly number[]>> = {
  kafka: [9092, 19092],
  registry: [8080],
  headrace: [8083, 9404],
  'kafka-ui': [8080],
  prometheus: [9090],
  grafana: [3000],
};

/** What is against a file that is to be started by anybody on a machine, a sentence each. */
export function mistakesIn({ services, volumes = {} }: Compose): string[] {
  return Object.entries(services).flatMap(([name, service]) => [
    ...imageMistakes(service),
    ...portMistakes(name, service),
    ...mountsOf(service).flatMap(({ from }) => {
      const isThere = from.startsWith('.') ? existsSync(join(ROOT, from)) : from in volumes;
      return isThere ? [] : [`${from} is mounted, and is not there`];
    }),
    ...neededMistakes(name, service, services),
    ...addressMistakes(service, services),
    ...(service.privileged || service.network_mode === 'host' ? [`${name} may do too much`] : []),
  ]);
}

function imageMistakes({ image = '' }: Service): string[] {
  return /:v?\d+\.\d+\.\d+/.test(image) ? [] : [`${image} is not pinned`];
}

function portMistakes(name: string, { ports = [] }: Service): string[] {
  return ports.flatMap((port) => {
    const [, inside] = /^127\.0\.0\.1:\d+:(\d+)$/.exec(port) ?? [];
    if (inside === undefined) return [`${port} is for others than this machine`];
    return LISTENS[name]?.includes(Number(inside)) ? [] : [`${name} does not listen on ${inside}`];
  });
}

function neededMistakes(name: string, { depends_on = [] }: Service, services: Compose['services']): string[] {
  const needed = Array.isArray(depends_on)
    ? depends_on.map((other: string) => [other, 'service_started'] as const)
    : Object.entries(depends_on).map(([other, { condition }]) => [other, condition] as const);
  return needed.flatMap(([other, condition]) => {
    if (services[other] === undefined) return [`${name} needs ${other}, which there is not`];
    const tells = services[other].healthcheck !== undefined || services[other].build !== undefined;
    return condition === 'service_healthy' && !tells ? [`${other} does not tell whether it is well`] : [];
  });
}

/** Addresses in the settings of a service, `kafka:19092` or with a scheme: that of a service, at a port that it listens on. */
function addressMistakes({ environment = {} }: Service, services: Compose['services']): string[] {
  const texts = Object.entries(environment).filter(
    ([key]) => !key.startsWith('KAFKA_') || /CLUSTERS/.test(key),
  );
  return texts.flatMap(([key, value]) =>
    [...String(value).matchAll(/(?:^|\/\/)([a-z-]+):(\d+)/g)].flatMap(([, host = '', port]) => {
      if (services[host] === undefined) return [`${key} names ${host}, which there is not`];
      return LISTENS[host]?.includes(Number(port)) ? [] : [`${key}: ${host} does not listen on ${port}`];
    }),
  );
}
