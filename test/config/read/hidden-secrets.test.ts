// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config providers are written like this.
import { expect, test } from 'vitest';
import { loadConnectorConfig } from '../../../src/config/connector-config.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { withoutSecret } from '../../../src/config/read/hidden-secrets.ts';
import { createPluginLoader } from '../../../src/loader/plugin-loader.ts';
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

test('what a provider gives is in no mistake, whole, cut off or in parts, whatever the option', {
  timeout: 60_000,
}, async () => {
  const plugins = createPluginLoader({ pluginPath: [] });
  const load = (feed: Readonly<Record<string, string>>, SECRET = '') =>
    loadConnectorConfig(entriesOf(feed, 'feed.yaml'), plugins, workerOf(), { SECRET });
  const { options, problems } = await load(FEED);
  expect(problems).toEqual([]);
  const secret = `{CANARY-1} "CANARY-2",CANARY-3:CANARY-4,CANARY-5${'x'.repeat(300)}`;
  let mistakes = 0;
  for (const key of [...options.keys(), 'nonsense', 'transforms.validate.fields.price', 'metrics.labels.a']) {
    const refused = await load({ ...FEED, [key]: '${env:SECRET}' }, secret);
    mistakes += refused.problems.length;
    // What names other keys is in theirs.
    const isName = ['transforms', 'predicates', 'topic.creation.groups'].includes(key);
    const shown = refused.problems.map(({ key: of, message }) => (isName ? message : `${of}: ${message}`));
    expect(shown.join('\n'), key).not.toContain('CANARY');
  }
  expect(mistakes).toBeGreaterThan(50);
});

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
