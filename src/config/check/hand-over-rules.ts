import type { ConfigValues } from '../../plugin/index.ts';
import { datedTextMistake } from '../../values/dated-text.ts';
import type { CONNECTOR_OPTIONS } from '../define/connector-definition.ts';
import { parseDays, parseTimeOfDay } from '../define/hand-over.ts';

type Options = ConfigValues<typeof CONNECTOR_OPTIONS>;
type Report = (key: string, message: string | null) => void;

/** Mistakes in what is expected of a feed's sender, and in who is told. */
export function checkHandOver(options: Options, report: Report): void {
  checkExpected(options, report);
  checkNotify(options, report);
}

function checkExpected(options: Options, report: Report): void {
  const { expectBy: by, expectDays, expectPattern: pattern, expectFiles: files } = options;
  if (by === null) return reportWithout('expect.by', wordsWithoutBy(options), report);
  const time = parseTimeOfDay(by);
  if (typeof time === 'string') report('expect.by', `expected ${time}, got ${JSON.stringify(by)}`);
  const days = parseDays(expectDays);
  if (typeof days === 'string') {
    report('expect.days', `expected days such as Mon-Fri or Mon,Wed, got ${JSON.stringify(days)}`);
  }
  if (pattern !== null) {
    report('expect.pattern', pattern === '' ? 'expected a pattern, got nothing' : datedTextMistake(pattern));
  }
  if (files === 0) report('expect.files', 'expected at least 1, got 0');
}

/** The keys that say something, although nothing is expected. */
function wordsWithoutBy({ expectDays, expectPattern, expectFiles, expectMinRows }: Options): string[] {
  return [
    ...(expectDays.length > 0 ? ['expect.days'] : []),
    ...(expectPattern !== null ? ['expect.pattern'] : []),
    ...(expectFiles !== 1 ? ['expect.files'] : []),
    ...(expectMinRows !== 0 ? ['expect.min.rows'] : []),
  ];
}

function reportWithout(missing: string, keys: readonly string[], report: Report): void {
  for (const key of keys) report(key, `has no effect without ${missing}; set it, or leave this out`);
}

function checkNotify({ notifyUrl: url, notifyAuthorization: authorization }: Options, report: Report): void {
  if (url === null) {
    return reportWithout('notify.url', authorization === null ? [] : ['notify.authorization'], report);
  }
  report('notify.url', urlMistake(url));
  // Its value is a secret, and so not told.
  if (authorization !== null && !/^[\x21-\x7e]+(?: +[\x21-\x7e]+)*$/.test(authorization))
    report('notify.authorization', 'expected the text of a header, such as Bearer and a token, in ASCII');
}

function urlMistake(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null) return null;
  const { protocol, username, password } = parsed;
  if (!/^https?:$/.test(protocol)) return `expected http:// or https://, got ${protocol}//`;
  if (username === '' && password === '') return null;
  return 'expected a URL without a user; say who you are with notify.authorization';
}
