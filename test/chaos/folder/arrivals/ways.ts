import { execFile } from 'node:child_process';
import { utimes } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { pick } from '../../random.ts';
import { HEADER } from '../row-text.ts';
import type { ArrivingFiles } from './arriving-files.ts';

const TEN_MINUTES_MS = 600_000;
const TEMPORARY = ['.tmp', '.part', '.filepart', '.crdownload'];
const ODD_NAMES = [
  ...['a b', 'quote"\'', 'new\nline', '50%25', '📈', '-dash', 'u\u0308mlaut', 'x'.repeat(230), 'back\\slash'],
  ...['[brackets]', '{a,b}', '*star?', ' blank ', 'two..dots', '$HOME', '~tilde', '#hash'],
];
const ODD_TIMES = [new Date('1960-02-29T00:00:00Z'), new Date(Date.now() + 48 * 3_600_000), new Date(0)];

/** How a file arrives: under a name that no other has, or in a folder of that name. Done when the last byte is there. */
type Way = (files: ArrivingFiles, name: string) => Promise<unknown>;

/** The ways in which people and tools put files into a drop folder. */
export const WAYS: Readonly<Record<string, Way>> = {
  'renamed in': async (files, name) => comesWhole(files, `${name}.csv`),

  'written slowly': async (files, name) => {
    const { rows, text } = files.newText();
    await files.writtenSlowly(`${name}.csv`, text);
    files.wholeNow(`${name}.csv`, rows, text);
  },

  'by a clock that runs behind': async (files, name) => writtenSkewed(files, name, -TEN_MINUTES_MS),

  'by a clock that runs ahead': async (files, name) => writtenSkewed(files, name, TEN_MINUTES_MS),

  'under a temporary name': async (files, name) =>
    renamedAtTheEnd(files, `${name}.csv${pick(files.random, TEMPORARY)}`, `${name}.csv`),

  'by rsync': async (files, name) => {
    await renamedAtTheEnd(files, `.${name}.csv.Xy3aQz`, `${name}.csv`);
  },

  'by a committer of Spark': async (files, name) => {
    const { rows, text } = files.newText();
    const places = ['_temporary/0/_temporary/attempt_1', '_temporary/0/task_1', '.'];
    const [first = '', second = '', last = ''] = places.map((place) => `${name}/${place}/part-0.csv`);
    await files.writtenSlowly(first, text);
    await files.renamed(first, second);
    await files.pause();
    await files.comes(await files.stage('crc'), `${name}/.part-0.csv.crc`);
    await files.comes(await files.stage(''), `${name}/_SUCCESS`);
    for (const left of ['.part-0.csv.crc', '_SUCCESS']) files.left.add(`${name}/${left}`);
    await files.renamed(second, last);
    files.wholeNow(`${name}/part-0.csv`, rows, text);
  },

  'in a folder that is renamed in': async (files, name) => {
    const { rows, text } = files.newText();
    await files.comes(await files.stageFolder('deep/er/a.csv', text), name);
    files.wholeNow(`${name}/deep/er/a.csv`, rows, text);
  },

  'dropped once more': async (files, name) => {
    const { rows, text } = await comesWhole(files, `${name}.csv`);
    await files.gone(`${name}.csv`);
    await files.comes(await files.stage(text), `${name}.csv`);
    files.expected.set(`${name}.csv`, { states: ['COMPLETED', 'SKIPPED'], rows: rows.length });
  },

  'with other rows under a name that was delivered': async (files, name) => {
    await comesWhole(files, `${name}.csv`);
    await files.gone(`${name}.csv`);
    await comesWhole(files, `${name}.csv`);
  },

  'twice under two names': async (files, name) => {
    const { rows, text } = files.newText();
    for (const path of [`${name}-1.csv`, `${name}-2.csv`]) {
      await files.comes(await files.stage(text), path);
      files.wholeNow(path, rows, text);
    }
  },

  'by a second link': async (files, name) => {
    const { rows, text } = files.newText();
    await files.linked(await files.stage(text), `${name}.csv`);
    files.wholeNow(`${name}.csv`, rows, text);
  },

  'as a link to elsewhere': async (files, name) =>
    files.symlinked(await files.stage(files.newText().text), `${name}.csv`),

  'as a FIFO': async (files, name) => {
    files.left.add(`${name}.csv`);
    await promisify(execFile)('mkfifo', [files.at(`${name}.csv`)]);
  },

  'under an odd name': async (files, name) =>
    comesWhole(files, `${pick(files.random, ODD_NAMES)}-${name}.csv`),

  'with an odd time': async (files, name) => {
    const { rows, text } = files.newText();
    const staged = await files.stage(text);
    const time = pick(files.random, ODD_TIMES) as Date;
    await utimes(staged, time, time);
    await files.comes(staged, `${name}.csv`);
    files.wholeNow(`${name}.csv`, rows, text);
  },

  compressed: async (files, name) => {
    const { rows, text } = files.newText();
    await files.comes(await files.stage(gzipSync(text)), `${name}.csv.gz`);
    files.wholeNow(`${name}.csv.gz`, rows, gzipSync(text));
  },

  'with its header alone': async (files, name) => {
    await files.comes(await files.stage(HEADER), `${name}.csv`);
    files.wholeNow(`${name}.csv`, [], HEADER);
  },

  'compressed and cut': async (files, name) => {
    const { rows, text } = files.newText();
    const whole = gzipSync(text);
    const cut = whole.subarray(0, whole.length - 12);
    await files.comes(await files.stage(cut), `${name}.csv.gz`);
    files.brokenNow(`${name}.csv.gz`, rows, cut);
  },
};

async function comesWhole(
  files: ArrivingFiles,
  path: string,
): Promise<{ rows: readonly number[]; text: string }> {
  const made = files.newText();
  await files.comes(await files.stage(made.text), path);
  files.wholeNow(path, made.rows, made.text);
  return made;
}

async function writtenSkewed(files: ArrivingFiles, name: string, skewMs: number): Promise<void> {
  const { rows, text } = files.newText();
  await files.writtenSlowly(`${name}.csv`, text, skewMs);
  files.wholeNow(`${name}.csv`, rows, text);
}

async function renamedAtTheEnd(files: ArrivingFiles, first: string, path: string): Promise<void> {
  const { rows, text } = files.newText();
  await files.writtenSlowly(first, text);
  await files.renamed(first, path);
  files.wholeNow(path, rows, text);
}
