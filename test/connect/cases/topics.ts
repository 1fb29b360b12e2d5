// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Connect's placeholders look like JavaScript's

import { casesOf, differing, REFUSED, REJECTED, type Row } from '../connect-case.ts';
import { BLANK } from './schemas.ts';

/*
 * What works on topics.
 */

const LEGAL_TOPIC = 'the row is rejected here; Connect finds out when its producer is refused';
const JAVA_ALONE = 'what only Java takes in a pattern is refused';
const JAVA_PATTERNS = ['a++', '(?>a)', '.*+', '[a-z&&[^a]]+', '(?s).*', '{1}', '\\1', ']', 'a}'];
const TOPICS = ['market.trades', 'market-trades', 'trades', 'a', 'MARKET.TRADES', 'topic_01'];
const PATTERNS = [
  ...[
    'market\\.trades',
    'market.*',
    '.*',
    'market',
    '^market.*$',
    '[a-z]+',
    '[^.]+',
    'a|ab',
    '(?i)market.*',
    'a{1,2}',
  ],
  ...[
    '\\w+',
    '[\\w.\\-]+',
    '\\p{Lower}+',
    '\\p{Alpha}+',
    '\\p{L}+',
    '\\Qmarket.trades\\E',
    '\\A.*\\z',
    'market\\Z',
    '\\Qmarket',
    '(?i)\\QTOPIC\\E.*',
  ],
  ...[
    '(?<name>[a-z]+)\\..*',
    'market\\.(?:trades|quotes)',
    '(?!market).*',
    '.*(?<!s)',
    'topic\\_\\d\\d',
    '[.-]*[a-z.]+',
  ],
  ...['(', '[', '*', 'a{', 'a{2,1}', '\\', '(?<1>a)', 'a)'],
];

export const topicNameMatchesCases = casesOf('TopicNameMatches', [
  ...differing(
    JAVA_ALONE,
    REFUSED,
    JAVA_PATTERNS.map((pattern): Row => [{ pattern }, { topic: 'a' }]),
  ),
  [{ pattern: '' }, { topic: 'a' }],
  [{ pattern: ' ' }, { topic: 'a' }],
  ...PATTERNS.flatMap((pattern) => TOPICS.map((topic): Row => [{ pattern }, { topic }])),
  [{ pattern: '.*' }, { topic: null }],
  [{}, { topic: 'a' }],
]);

export const regexRouterCases = casesOf('RegexRouter', [
  ...differing(
    JAVA_ALONE,
    REFUSED,
    JAVA_PATTERNS.map((regex): Row => [{ regex, replacement: 'x' }, { topic: 'a' }]),
  ),
  ...differing(
    BLANK,
    REFUSED,
    ['', ' '].map((regex): Row => [{ regex, replacement: 'x' }, { topic: 'a' }]),
  ),
  ...differing(
    'a replacement that is wrong is refused before the first row',
    REFUSED,
    ['$', '$3', '${', '$a', 'x\\', '${missing}', '$1$'].map(replacing),
  ),
  ...differing(LEGAL_TOPIC, REJECTED, ['\\$1', '.', '..', 'a b', 'x/y'].map(replacing)),
  ...differing(BLANK, REFUSED, [replacing('')]),
  ...PATTERNS.flatMap((regex) =>
    TOPICS.map(
      (topic): Row => [
        { regex, replacement: 'x-$0' },
        { topic, value: 1 },
      ],
    ),
  ),
  ...[...['$1', '$2.$1', '${a}', 'all.$1$2', '$0', 'fixed', '${b}', '$10', '$22', '\\x', '-$1', '$01']].map(
    replacing,
  ),
  [{ regex: '(a)|(b)', replacement: 'x$1$2' }, { topic: 'a' }],
  [{ regex: 'a*?', replacement: 'x' }, { topic: 'aa' }],
  [{ regex: '[a-z]*', replacement: 'x' }, { topic: 'aa' }],
  [{ regex: '(.*)-(.*)', replacement: '$2-$1' }, { topic: 'a-b-c' }],
  [{ regex: '.*', replacement: 'x' }, { topic: 'a' }],
  [{ regex: '.*' }, { topic: 'a' }],
  [{ replacement: 'x' }, { topic: 'a' }],
]);

function replacing(replacement: string): Row {
  return [{ regex: '(?<a>[a-z]+)\\.(?<b>[a-z]+)', replacement }, { topic: 'market.trades' }];
}

export const timestampRouterCases = casesOf('TimestampRouter', [
  ...[0, 1769851800123, -1, 253402300799999, null].flatMap((timestamp): Row[] => [
    [{}, { timestamp }],
    [{ 'timestamp.format': 'yyyy-MM-dd_HH-mm-ss.SSS' }, { timestamp }],
  ]),
  ...[
    ...[
      'yyyy',
      'yy',
      'y',
      'yyy',
      'yyyyy',
      'YYYY',
      'M',
      'MM',
      'MMM',
      'MMMM',
      'L',
      'd',
      'dd',
      'D',
      'DDD',
      'E',
      'EEEE',
      'u',
    ],
    ...[
      'a',
      'H',
      'k',
      'K',
      'h',
      'hh',
      'm',
      's',
      'S',
      'SS',
      'SSS',
      'SSSS',
      'z',
      'X',
      'XX',
      'XXX',
      'w',
      'W',
      'F',
      'G',
    ],
    ...["'week'ww", '', 'yyyyMMddyyyy', 'yyyy.MM', '1'],
  ].map((format): Row => [{ 'timestamp.format': format }, { timestamp: 1769851800123 }]),
  ...['${topic}', '${timestamp}', '${topic}_${topic}-${timestamp}.${timestamp}', 'fixed'].map(
    (format): Row => [{ 'topic.format': format }, { timestamp: 1769851800123 }],
  ),
  ...differing(LEGAL_TOPIC, REJECTED, [
    ...['Z', "yyyy''MM", "'o''clock'", ' '].map(
      (format): Row => [{ 'timestamp.format': format }, { timestamp: 1769851800123 }],
    ),
    ...['', '$topic', '${other}'].map((format): Row => [{ 'topic.format': format }, { timestamp: 0 }]),
    [{ 'topic.format': '${topic}' }, { topic: 'a$1', timestamp: 0 }],
  ]),
  ...differing(
    'a format that is wrong is refused before the first row',
    REFUSED,
    ["'open", 'q', 'XXXX', 'j'].map((format): Row => [{ 'timestamp.format': format }, { timestamp: 0 }]),
  ),
  [{}, { topic: '${timestamp}', timestamp: 0 }],
  [{}, { topic: null, timestamp: 0 }],
]);
