import { afterAll, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import type { ConfigInfos } from '../../../src/rest/plugins/config-infos.ts';
import type { ConfigKey } from '../../../src/rest/plugins/config-key.ts';
import { addPluginRoutes } from '../../../src/rest/plugins/plugin-routes.ts';
import { type Exchange, recordedExchanges } from '../exchange.ts';
import { openApp } from '../open-app.ts';
import { FEED } from './feed.ts';

const { version } = packageJson;
const entries = entriesOf({ 'bootstrap.servers': 'localhost:9092' }, 'worker');
const worker = parseWorkerConfig(entries, {}).config as WorkerConfig;
const faults: string[] = [];
const app = openApp((error, path) => faults.push(`${path}: ${error.stack}`));
addPluginRoutes(app, worker);
const url = await app.listen();
afterAll(async () => {
  await app.close();
  expect(faults).toEqual([]);
});

/** Ours in the place of Kafka Connect's own. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/org\.apache\.kafka\.connect\.file\.FileStreamSinkConnector/g, 's3'],
  [/org\.apache\.kafka\.connect\.file\.FileStreamSourceConnector|FileStreamSource\b/g, 'directory'],
  [/org\.apache\.kafka\.connect\.json\.JsonConverter/g, 'json'],
  [/4\.3\.1/g, version],
];

/** Kafka Connect's answer is one of 500 though the client is wrong; ours is 400, without the name of an exception. */
const CLIENT_MISTAKES = [
  '181-validate-missing-class',
  '184-validate-empty-object',
  '185-validate-unknown-class',
];

function ours(text: string): string {
  return CLASSES.reduce((shown, [pattern, name]) => shown.replace(pattern, name), text);
}

/** The recorded configuration with what a feed of ours needs besides, and keys of ours in the place of Kafka Connect's. */
function sent(body: string): string {
  const { file, topic, ...config } = JSON.parse(ours(body)) as Record<string, string>;
  if (config['connector.class'] === undefined) return JSON.stringify(config);
  const { 'input.path': path, 'transforms.route.topic': route, name: _, transforms, ...rest } = FEED;
  return JSON.stringify({
    ...(file && { 'transforms.route.topic': route }),
    ...(topic && { 'input.path': path }),
    ...rest,
    ...config,
    transforms: [transforms, config.transforms].filter(Boolean).join(','),
  });
}

async function answerOf({ method, path, headers, requestBody }: Exchange) {
  const body = requestBody === null ? null : sent(requestBody);
  const response = await fetch(url + ours(path), { method, headers, body });
  expect(response.headers.get('content-type')).toBe('application/json');
  const answer: unknown = await response.json();
  return { status: response.status, body: answer };
}

const exchanges = recordedExchanges().filter(({ path }) => path.startsWith('/connector-plugins'));
const titled = (pattern: RegExp) => exchanges.filter(({ title }) => pattern.test(title));
const byTitle = (list: readonly Exchange[]) => list.map((exchange) => [exchange.title, exchange] as const);

test.each(byTitle(titled(/-plugins/)))('%s lists ours in the form of Kafka Connect', async (_, exchange) => {
  const { status, body } = await answerOf(exchange);
  expect(status).toBe(exchange.status);
  const recorded = JSON.parse(exchange.body) as { class: string; type: string }[];
  const isOurs = ({ class: name }: { class: string }) =>
    name.startsWith('org.apache.kafka.connect.transforms.');
  for (const plugin of recorded.filter(isOurs)) expect(body).toContainEqual({ ...plugin, version });
  const sources = ['azure-blob', 'directory', 'gcs', 'local', 's3', 'sftp'];
  const listed = body as readonly { readonly type: string }[];
  expect(listed.slice(0, sources.length)).toEqual(
    sources.map((name) => ({ class: name, type: 'source', version })),
  );
  const types = (list: readonly { type: string }[]) => [...new Set(list.map(({ type }) => type))];
  const unknown = ['sink', 'header_converter'];
  expect(types(listed)).toEqual(types(recorded).filter((type) => !unknown.includes(type)));
});

test.each(byTitle(exchanges.filter(({ status }) => status >= 400)))('%s is refused', async (_, exchange) => {
  const { status, body } = await answerOf(exchange);
  const isMistake = CLIENT_MISTAKES.includes(exchange.title);
  expect(status).toBe(isMistake ? 400 : exchange.status);
  const { message: recorded } = JSON.parse(ours(exchange.body)) as { message: string };
  const message = recorded
    .replace(/^.*Exception: /, '')
    // The keys without their values, which may be secret.
    .replace(/\{name=v, topic=.*\}/, '{name}')
    .replace(
      /, available connectors are: .*$/s,
      ', available connectors are: azure-blob, directory, gcs, local, s3, sftp',
    );
  expect(body).toEqual({ error_code: status, message });
});

/** Of a definition what must be the same where both have it. */
const sameOf = ({ name, type, required, group, dependents }: ConfigKey) => ({
  name,
  type,
  // Ours must have a parser.
  required: required && name !== 'transforms',
  // A plugin's options are in none with us.
  group: group === 'Serialization' || group === 'Schemas' ? null : group,
  dependents,
});

function formOf(object: object): string[] {
  return Object.keys(object);
}

test.each(byTitle(titled(/-plugin-config-(version|converter|transform|predicate)$/)))(
  '%s has the definitions of options in the form of Kafka Connect',
  async (_, exchange) => {
    const { status, body } = await answerOf(exchange);
    expect(status).toBe(exchange.status);
    const recorded = JSON.parse(ours(exchange.body)) as ConfigKey[];
    const keys = body as ConfigKey[];
    for (const key of keys) expect(formOf(key)).toEqual(formOf(recorded[0] as ConfigKey));
    const both = recorded.filter(({ name }) => keys.some((key) => key.name === name));
    expect(both.length).toBeGreaterThan(0);
    const own = keys.filter(({ name }) => both.some((key) => key.name === name));
    const sorted = (list: ConfigKey[]) => list.map(sameOf).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted(own)).toEqual(sorted(both));
  },
);

test.each(byTitle(titled(/-validate-/).filter(({ status }) => status === 200)))(
  '%s is validated in the form of Kafka Connect',
  async (_, exchange) => {
    const { status, body } = await answerOf(exchange);
    const infos = body as ConfigInfos;
    const recorded = JSON.parse(ours(exchange.body)) as ConfigInfos;
    expect(status).toBe(200);
    expect(formOf(infos)).toEqual(formOf(recorded));
    expect(infos.name).toBe(recorded.name);
    const counted = infos.configs.reduce((count, { value }) => count + value.errors.length, 0);
    expect(infos.error_count).toBe(counted);
    expect(infos.groups).toEqual(
      expect.arrayContaining(recorded.groups.filter((name) => !/^offsets/.test(name))),
    );
    for (const { definition, value } of infos.configs) {
      expect(formOf(value)).toEqual(['name', 'value', 'recommended_values', 'errors', 'visible']);
      if (definition !== null)
        expect(formOf(definition)).toEqual(formOf(recorded.configs[0]?.definition ?? {}));
    }
    // The same keys have errors; Kafka Connect tells of a number that is none twice, and of a file's keys by others.
    const wrong = ({ configs }: ConfigInfos) =>
      configs.filter(({ value }) => value.errors.length > 0).map(({ value }) => value.name);
    const keys: Record<string, string> = { topic: 'input.path', file: 'transforms.route.topic' };
    expect(wrong(infos).sort()).toEqual(
      wrong(recorded)
        .map((key) => keys[key] ?? key)
        .sort(),
    );
  },
);
