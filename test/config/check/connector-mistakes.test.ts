import { describe, expect, test } from 'vitest';
import { feed, load, problemsOf, SHOUT } from '../sample-feed.ts';

describe('mistakes in a feed', () => {
  test.for(['headrace-offsets', 'headrace-configs', '__consumer_offsets'])(
    'are rows and dead letters that go to the internal topic %s',
    async (topic) => {
      const problems = await problemsOf({
        'errors.tolerance': 'all',
        'errors.deadletterqueue.topic.name': topic,
        transforms: 'parse,route,rename',
        'transforms.route.type': 'route',
        'transforms.route.topic': topic,
        'transforms.rename.type': 'RegexRouter',
        'transforms.rename.regex': '.*',
        'transforms.rename.replacement': topic,
      });
      const keys = [
        'errors.deadletterqueue.topic.name',
        'transforms.rename.replacement',
        'transforms.route.topic',
      ];
      expect(problems).toEqual(
        keys.map((key) =>
          expect.stringContaining(`${key}: expected a topic for rows, got "${topic}", which is `),
        ),
      );
    },
  );

  test('are told all at once, each with its line', async () => {
    const { lines } = await load(
      feed(`connector.class: folder
input.file.patern: "*.csv"
tasks.max: 2x
transforms: parse,shout
transforms.parse.type: separated
transforms.shout.type: shout
transforms.shout.feild: symbol
errors.tolerance: all
`),
    );
    expect(lines).toEqual([
      "feed.yaml: name: is required but not set (The connector's name; its offsets are kept under it)",
      'feed.yaml:1: input.path: is required but not set (Folder to read)',
      'feed.yaml:2: input.file.patern: unknown key; did you mean input.file.pattern?',
      'feed.yaml:3: tasks.max: expected a whole number, zero or more, got "2x"',
      'feed.yaml:6: transforms.shout.field: is required but not set (Field to change)',
      'feed.yaml:7: transforms.shout.feild: unknown key; did you mean transforms.shout.field?',
      'feed.yaml:8: errors.tolerance: all without a dead-letter queue: bad rows would be dropped; set errors.deadletterqueue.topic.name or errors.deadletterqueue.file',
    ]);
  });

  const stages: [Record<string, string | null>, string[]][] = [
    [
      { transforms: null },
      [
        'transforms: is required but not set (Labels of the parser and then of the transformations, in the order they run, comma-separated)',
      ],
    ],
    [
      { 'predicates.even.type': 'even' },
      ['predicates.even.type: even is not listed in predicates, so it would do nothing'],
    ],
    [
      { transforms: 'parsee,route' },
      [
        'transforms.parse.type: parse is not listed in transforms, so it would do nothing; did you mean parsee?',
        'transforms.parsee.type: is required but not set (Plugin to use)',
      ],
    ],
    [{ transforms: 'parse,parse,route' }, ['transforms: lists parse twice; expected each label once']],
    [
      { transforms: 'parse,a b,route' },
      ['transforms: expected labels of letters, digits, "_" and "-", got "a b"'],
    ],
    [
      { ...SHOUT, transforms: 'shout,parse,route' },
      [
        'transforms.parse.type: separated is a parser; only the first of transforms can be a parser',
        'transforms.shout.type: shout is a transformation; the first of transforms must be a parser, which turns bytes into records',
      ],
    ],
    [
      { ...SHOUT, 'transforms.shout.predicate': 'evn', predicates: 'even', 'predicates.even.type': 'even' },
      [
        'transforms.shout.predicate: no predicate is labelled "evn"; list it in predicates; did you mean even?',
      ],
    ],
    [
      { ...SHOUT, 'transforms.shout.negate': 'true' },
      ['transforms.shout.negate: has no effect without transforms.shout.predicate'],
    ],
    [{ 'transforms.parse.predicate': 'even' }, ['transforms.parse.predicate: unknown key']],
    [
      { ...SHOUT, 'transforms.shuot.times': '2' },
      ['transforms.shuot.times: unknown key; did you mean transforms.shout.times?'],
    ],
    [
      { ...SHOUT, 'transforms.shout.fields.price.optional': 'maybe' },
      ['transforms.shout.fields.price.optional: expected string, got maybe'],
    ],
    [
      { ...SHOUT, 'transforms.shout.api.token': 'hunter2' },
      ['transforms.shout.api.token: [hidden] is too easy to guess'],
    ],
    [
      { transforms: 'parse,x,route', 'transforms.x.type': 'throws-in-check' },
      [
        'transforms.x.type: the plugin throws-in-check threw while it checked its options: cannot read properties of undefined',
      ],
    ],
    [
      { transforms: 'parse,x,route', 'transforms.x.type': 'takes-type' },
      [
        "transforms.x.type: takes-type declares this option, but it is Headrace's own; the plugin must rename it",
      ],
    ],
  ];
  test.for([
    [
      { transforms: 'parse', 'transforms.route.type': null, 'transforms.route.topic': null },
      'nothing routes',
    ],
    [{ 'transforms.route.topic': null, 'transforms.route.key': '{symbol}' }, 'the route has a key alone'],
    [
      {
        transforms: 'parse,rename',
        'transforms.rename.type': 'RegexRouter',
        'transforms.rename.regex': 'a',
        'transforms.rename.replacement': 'b',
        ...{ 'transforms.route.type': null, 'transforms.route.topic': null },
      },
      'a topic is only renamed',
    ],
  ] as [Record<string, string | null>, string][])(
    'are stages that give no row a topic: %j, as %s',
    async ([changes]) => {
      expect(await problemsOf(changes)).toEqual([
        'REST: transforms: give no row a topic, so none could be delivered; add a transformation of type route with a topic',
      ]);
    },
  );

  test('are no stages of which one, a plugin’s, may give rows a topic', async () => {
    const plugin = { ...SHOUT, transforms: 'parse,shout' };
    expect(
      await problemsOf({ ...plugin, 'transforms.route.type': null, 'transforms.route.topic': null }),
    ).toEqual([]);
  });

  test.each(stages)('in its stages: %j', async (changes, lines) => {
    expect(await problemsOf(changes)).toEqual(lines.map((line) => `REST: ${line}`));
  });

  test('of an unknown plugin do not make its options unknown', async () => {
    expect(await problemsOf({ 'connector.class': 'foldr', 'tasks.mx': '2' })).toEqual([
      'REST: connector.class: no source connector is called "foldr"; expected one of azure-blob, directory, gcs, local, s3, sftp, bad-options, even, exports-a-function, exports-nothing, folder, hex, separated, shout, takes-type, throws-at-load, throws-in-check, without-create, or a package\'s name; did you mean folder?',
      'REST: tasks.mx: unknown key; did you mean tasks.max?',
    ]);
  });

  const byWhen = { 'expect.by': '18:00 Australia/Sydney' };
  const url = { 'notify.url': 'https://hooks.example.com/T0/secret' };
  const expected: [Record<string, string | null>, string | null][] = [
    [{ ...byWhen, 'expect.days': 'Mon-Fri', 'expect.pattern': 'trades-{yyyy}{MM}{dd}.csv' }, null],
    [{ ...byWhen, 'expect.files': '3', 'expect.min.rows': '100' }, null],
    [
      { 'expect.by': '18:00' },
      'expect.by: expected a time and its zone, such as 18:00 Australia/Sydney, got "18:00"',
    ],
    [
      { 'expect.by': '18:00 Sidney' },
      'expect.by: expected a time zone such as Australia/Sydney or +10:00 behind the time, got "18:00 Sidney"',
    ],
    [
      { ...byWhen, 'expect.days': 'Mon,Tues' },
      'expect.days: expected days such as Mon-Fri or Mon,Wed, got "Tues"',
    ],
    [
      { ...byWhen, 'expect.pattern': 'a-{YYYY}.csv' },
      'expect.pattern: expected no more than {yyyy}, {MM} and {dd} in braces, got {YYYY} in "a-{YYYY}.csv"',
    ],
    [{ ...byWhen, 'expect.files': '0' }, 'expect.files: expected at least 1, got 0'],
    [{ ...byWhen, 'expect.files': 'x' }, 'expect.files: expected a whole number, zero or more, got "x"'],
    [{ 'expect.days': 'Mon' }, 'expect.days: has no effect without expect.by; set it, or leave this out'],
    [
      { 'expect.min.rows': '1' },
      'expect.min.rows: has no effect without expect.by; set it, or leave this out',
    ],
    [{ ...byWhen, 'expect.minrows': '1' }, 'expect.minrows: unknown key; did you mean expect.min.rows?'],
    [{ ...url, 'notify.authorization': 'Bearer x' }, null],
    [{ 'notify.url': 'hooks' }, 'notify.url: expected a URL such as http://localhost:8081, got [hidden]'],
    [{ 'notify.url': 'ftp://a/secret' }, 'notify.url: expected http:// or https://, got ftp://'],
    [
      { 'notify.url': 'https://me:secret@a/' },
      'notify.url: expected a URL without a user; say who you are with notify.authorization',
    ],
    [
      { ...url, 'notify.authorization': 'Bearer\nx' },
      'notify.authorization: expected the text of a header, such as Bearer and a token, in ASCII',
    ],
    [
      { 'notify.authorization': 'Bearer x' },
      'notify.authorization: has no effect without notify.url; set it, or leave this out',
    ],
  ];
  const patterns: [taken: string, expected: string, isMistake: boolean][] = [
    ['*.csv', 'trades-{yyyy}{MM}{dd}.csv', false],
    ['*.csv{,.gz}', 'asx/trades-{yyyy}.csv.gz', false],
    ['asx/**/*.csv', '*{dd}.csv', false],
    ['[0-2]*', '{dd}.csv', false],
    ['!*.txt', 'a.txt', false],
    ['*.csv', '!*.csv', false],
    ['*.csv', 'trades-{yyyy}{MM}{dd}.txt', true],
    ['trades-*.csv', 'quotes-*', true],
    ['asx/*.csv', 'nyse/*.csv', true],
    ['asx/*.csv', 'asx/2026/a.csv', true],
    ['trades-*', '{yyyy}*.csv', true],
  ];
  test.each(patterns)(
    'a feed that takes %s, of which %s are expected: a mistake is %s',
    async (taken, pattern, isMistake) => {
      const changes = {
        ...{ 'connector.class': 'directory', 'input.path': '/in', 'input.file.pattern': taken },
        ...{ ...byWhen, 'expect.pattern': pattern },
      };
      const message =
        `REST: expect.pattern: no file matches both ${JSON.stringify(pattern)} and input.file.pattern ` +
        `${JSON.stringify(taken)}: what is expected would never come; write it as the names of the files that the feed takes are`;
      expect(await problemsOf(changes)).toEqual(isMistake ? [message] : []);
    },
  );

  test.each(expected)('in what is expected, and who is told: %j', async (changes, line) => {
    expect(await problemsOf(changes)).toEqual(line === null ? [] : [`REST: ${line}`]);
  });

  test('are ends of files that go to another’s topic, and rows that go to theirs', async () => {
    const ends = (topic: string) => ({ 'end.of.file.topic': topic });
    expect(await problemsOf(ends('market.files'))).toEqual([]);
    expect(await problemsOf(ends('market files'))).toEqual([
      'REST: end.of.file.topic: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "market files"',
    ]);
    expect(await problemsOf(ends('headrace-file-status'))).toEqual([
      'REST: end.of.file.topic: expected a topic of its own, got "headrace-file-status", which is the worker\'s file.status.storage.topic',
    ]);
    const letters = { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'market.files' };
    expect(await problemsOf({ ...ends('market.files'), ...letters })).toEqual([
      'REST: end.of.file.topic: expected a topic of its own, got "market.files", which is the feed\'s dead-letter topic',
    ]);
    const rows = {
      transforms: 'parse,route',
      'transforms.route.type': 'route',
      'transforms.route.topic': 'market.files',
    };
    expect(await problemsOf({ ...ends('market.files'), ...rows })).toEqual([
      'REST: transforms.route.topic: expected a topic for rows, got "market.files", which is the feed\'s end.of.file.topic',
    ]);
  });

  const tolerant = { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'dlq' };
  const none = 'has no effect while errors.tolerance is none; set errors.tolerance: all, or leave it out';
  const rules: [Record<string, string | null>, string | null][] = [
    [{ 'tasks.max': '0' }, 'tasks.max: expected at least 1, got 0'],
    [{ name: 'a/b' }, 'name: expected a name without / and \\, got "a/b"'],
    [{ name: '..' }, 'name: expected a name, got the path ".."'],
    [{ name: 'a\u0000b' }, 'name: expected a name without control characters, got "a\\u0000b"'],
    [{ name: ' a' }, 'name: expected a name without spaces around it, got " a"'],
    [{ name: '' }, "name: is required but empty (The connector's name; its offsets are kept under it)"],
    [{ name: 'Kurse, täglich (1)' }, null],
    [{ ...tolerant, 'errors.max': '100' }, null],
    [{ ...tolerant, 'errors.max': '1%' }, null],
    [
      { ...tolerant, 'errors.max': '101%' },
      'errors.max: expected a number of rows or a share such as 1%, got "101%"',
    ],
    [
      { ...tolerant, 'errors.max': '0.01' },
      'errors.max: expected a number of rows or a share such as 1%, got "0.01"',
    ],
    [
      { 'expect.columns': 'symbol' },
      'expect.columns: has no effect while on.header.change is map; set that to fail or quarantine, or leave it out',
    ],
    [{ 'on.header.change': 'fail', 'expect.columns': 'symbol, price' }, null],
    [{ 'errors.max': '5' }, `errors.max: ${none}`],
    [{ 'errors.deadletterqueue.topic.name': 'dlq' }, `errors.deadletterqueue.topic.name: ${none}`],
    [{ 'errors.deadletterqueue.file': 'dlq.csv' }, `errors.deadletterqueue.file: ${none}`],
    [
      { ...tolerant, 'errors.deadletterqueue.topic.name': 'a b' },
      `errors.deadletterqueue.topic.name: expected a topic of 1 to 249 letters, digits, dots, _ and -, got "a b"`,
    ],
    [
      { 'errors.tolerance': 'al', 'errors.deadletterqueue.topic.name': 'dlq' },
      'errors.tolerance: expected one of none, all, got "al"; did you mean all?',
    ],
    [
      { 'errors.retry.delay.ms': '70000' },
      'errors.retry.delay.ms: expected at most errors.retry.delay.max.ms, 60000, got 70000',
    ],
    [
      { 'topic.creation.default.partitions': '0' },
      "topic.creation.default.partitions: expected -1 (the broker's default) or at least 1, got 0",
    ],
    [
      { 'transaction.boundary.interval.ms': '0' },
      'transaction.boundary.interval.ms: expected at least 1, got 0',
    ],
    [
      { 'exactly.once.support': 'required' },
      'exactly.once.support: expected one of enabled, disabled, got "required"',
    ],
    [
      { 'metrics.label.exchange': 'asx' },
      'metrics.label.exchange: unknown key; did you mean metrics.labels.exchange?',
    ],
    [
      { 'metrics.labels.stock.exchange': 'asx' },
      `metrics.labels.stock.exchange: expected a label's name of letters, digits and "_", not beginning with a digit, got "stock.exchange"`,
    ],
    [
      { 'metrics.labels.__proto__': 'asx' },
      `metrics.labels.__proto__: expected a label's name that does not begin with "__", got "__proto__"`,
    ],
    [
      { 'metrics.labels.topic': 'trades' },
      'metrics.labels.topic: expected another name: metrics have or get the label "topic" already',
    ],
    [{ __proto__x: '1' }, '__proto__x: unknown key'],
  ];
  test.each(rules)('in its own options: %j', async (changes, line) => {
    expect(await problemsOf(changes)).toEqual(line === null ? [] : [`REST: ${line}`]);
  });

  test('never show what a config provider gave', async () => {
    const reference = `${'$'}{env:SLASH}`;
    expect(await problemsOf({ name: reference, 'connector.class': reference })).toEqual([
      `REST: connector.class: no source connector is called "${reference}"; expected one of azure-blob, directory, gcs, local, s3, sftp, bad-options, even, exports-a-function, exports-nothing, folder, hex, separated, shout, takes-type, throws-at-load, throws-in-check, without-create, or a package's name`,
      `REST: name: expected a name without / and \\, got "${reference}"`,
    ]);
  });

  test('of a config provider are told once', async () => {
    const reference = `${'$'}{env:NOPE}`;
    const everywhere = {
      name: reference,
      'input.path': reference,
      transforms: reference,
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': reference,
    };
    expect(await problemsOf(everywhere)).toEqual([
      `REST: errors.deadletterqueue.topic.name: ${reference}: the environment variable NOPE is not set`,
      `REST: input.path: ${reference}: the environment variable NOPE is not set`,
      `REST: name: ${reference}: the environment variable NOPE is not set`,
      `REST: transforms: ${reference}: the environment variable NOPE is not set`,
    ]);
  });
});
