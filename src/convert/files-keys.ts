import { WORK_IN_PROGRESS } from '../../connectors/files/watching/work-in-progress.ts';
import { globOf } from './java-pattern.ts';
import type { KeyScope } from './key-rule.ts';

const CHARSETS: Readonly<Record<string, string>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'us-ascii': 'utf8',
  ascii: 'utf8',
  'iso-8859-1': 'latin1',
  'latin-1': 'latin1',
  'utf-16': 'utf16be',
  'utf-16be': 'utf16be',
  'utf-16le': 'utf16le',
  'x-macroman': 'macintosh',
  'shift-jis': 'shift_jis',
  sjis: 'shift_jis',
  'windows-31j': 'shift_jis',
  'euc-jp': 'euc-jp',
  'euc-kr': 'euc-kr',
  gbk: 'gbk',
  gb2312: 'gbk',
  big5: 'big5',
};
const SAME_CHARSET = /^(?:windows-(?:125[0-8]|874)|iso-8859-(?:[2-8]|1[03-6])|koi8-[ru]|ibm866)$/;

/** The name that a parser has for a charset of Java's; one that it does not know is noted. */
export function setEncoding(scope: KeyScope, charset: string, key: string): void {
  const name = charset.toLowerCase().replaceAll('_', '-');
  const encoding = CHARSETS[name] ?? (SAME_CHARSET.test(name) ? name : null);
  if (encoding === null)
    scope.lost(`no parser reads ${charset}: files must come in another charset, such as UTF-8`);
  else scope.set(key, encoding);
}

/** A regular expression for names becomes a glob. */
export function setFilePattern(scope: KeyScope, pattern: string): void {
  const glob = globOf(pattern);
  if (glob === null)
    scope.lost('no glob says the same: every file is read until input.file.pattern says which, as a glob');
  else scope.set('input.file.pattern', glob);
}

/** Folders below the one that is watched are read here, unless they are ignored. */
export function ignoreFolders(scope: KeyScope): void {
  scope.set('input.file.ignore', [...WORK_IN_PROGRESS, '*/'].join(','));
}

/** What happens to a file with a bad row, and to the task. */
export function setTolerance(scope: KeyScope, halts: boolean): void {
  const name = scope.conversion.source.get('name') ?? '';
  scope.set('errors.tolerance', halts ? 'none' : 'all');
  if (halts) return;
  scope.set('errors.max', '0');
  scope.set('errors.deadletterqueue.topic.name', `${name.replaceAll(/[^\w.-]/g, '-')}.dlq`);
}

/** The text that a regular expression of Java stands for; null for one that is more than text. */
export function plainText(pattern: string): string | null {
  if (!/^(?:[^\\^$.|?*+()[\]{}]|\\[^0-9A-Za-z]|\\t)+$/.test(pattern)) return null;
  return pattern.replaceAll('\\t', '\t').replaceAll(/\\(.)/g, '$1');
}
