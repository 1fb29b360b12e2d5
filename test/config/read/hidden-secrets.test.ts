// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config providers are written like this.
import { expect, test } from 'vitest';
import { loadConnectorConfig } from '../../../src/config/connector-config.ts';
import { WORKER_OPTIONS } from '../../../src/config/define/worker-definition.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { withoutSecret } from '../../../src/config/read/hidden-secrets.ts';
import type { Problem } from '../../../src/config/read/problem.ts';
import { parseWorkerConfig } from '../../../src/config/worker-config.ts';
import { createPluginLoader } from '../../../src/loader/plugin-loader.ts';
import { dottedName } from '../../../src/values/dotted-name.ts';
import { workerOf } from '../sample-feed.ts';

const FEED = {
  ...{ name: 'trades', 'connector.class': 'directory', 'input.path': '/drop', predicates: 'named' },
  transforms: 'parse,from,cast,mask,moved,validate,route',
  'transforms.parse.type': 'csv',
  'transforms.from.type': 'source',
  ...{ 'transforms.cast.type': 'Cast$Value', 'transforms.cast.spec': 'price:float64' },
  ...{ 'transforms.mask.type': 'MaskField$Value', 'transforms.mask.fields': 'pin' },
  ...{
    'transforms.moved.type': 'RegexRouter',
    'transforms.moved.regex': 'a',
    'transforms.moved.replacement': 'b',
  },
  ...{ 'transforms.validate.type': 'schema', 'transforms.validate.fields.symbol': 'string' },
  ...{ 'transforms.route.type': 'route', 'transforms.route.topic': 'trades' },
  ...{ 'predicates.named.type': 'TopicNameMatches', 'predicates.named.pattern': 'x' },
  ...{ 'value.converter': 'avro', 'value.converter.schema.registry.url': 'http://registry' },
};

const SECRET = `{CANARY-1} "CANARY-2",CANARY-3:CANARY-4,CANARY-5${'x'.repeat(300)}`;
/** What these have names other keys, and is in theirs. */
const NAMES = ['transforms', 'predicates', 'topic.creation.groups', 'config.providers'];

test('what a provider gives is in no mistake of a feed, whole, cut off or in parts, whatever the option', {
  timeout: 60_000,
}, async () => {
  const plugins = createPluginLoader({ pluginPath: [] });
  const load = (feed: Readonly<Record<string, string>>) =>
    loadConnectorConfig(entriesOf(feed, 'feed.yaml'), plugins, workerOf(), { SECRET });
  const { options, problems } = await load(FEED);
  expect(problems).toEqual([]);
  let mistakes = 0;
  for (const key of [...options.keys(), 'nonsense', 'transforms.validate.fields.price', 'metrics.labels.a']) {
    const refused = await load({ ...FEED, [key]: '${env:SECRET}' });
    mistakes += refused.problems.length;
    expect(shownOf(refused.problems, key), key).not.toContain('CANARY');
  }
  expect(mistakes).toBeGreaterThan(50);
});

test('nor is it in one of a worker', () => {
  let mistakes = 0;
  for (const key of [...Object.keys(WORKER_OPTIONS).map(dottedName), 'nonsense', 'value.converter.nope']) {
    const written = { 'bootstrap.servers': 'a:1', 'config.providers': 'vault', [key]: '${env:SECRET}' };
    const { problems } = parseWorkerConfig(entriesOf(written, 'worker.yaml'), { SECRET });
    mistakes += problems.length;
    expect(shownOf(problems, key), key).not.toContain('CANARY');
  }
  expect(mistakes).toBeGreaterThan(25);
});

function shownOf(problems: readonly Problem[], key: string): string {
  const isName = NAMES.includes(key);
  return problems.map(({ key: of, message }) => (isName ? message : `${of}: ${message}`)).join('\n');
}

test.each([
  ['expected a number, got "se\\"same open"', 'se"same open', 'expected a number, got "X"'],
  ['expected a number, got "open"', 'sesame,open', 'expected a number, got "X"'],
  [
    'expected a number, got "open-sesame-1234567890-12345…"',
    'open-sesame-1234567890-1234567890',
    'expected a number, got "X…"',
  ],
])('%s without %s is %s', (message, secret, expected) => {
  expect(withoutSecret(message, secret, 'X', 3)).toBe(expected);
});
