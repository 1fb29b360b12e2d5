import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileUrl } from '../../../connectors/inputs/file-url.ts';
import { watchedKeys } from '../../../connectors/inputs/watched-place.ts';
import type { DataFile } from '../../dry-run/data-file.ts';
import { isUrl } from '../../values/url.ts';
import { feedLine, fieldLines, parserLines } from './feed-line.ts';
import type { Guess, GuessedColumn } from './guess.ts';

/** A commented feed that reads a file as it was guessed; `path` is where it is going to be. */
export function starterFeed(file: DataFile, guess: Guess, path: string): string {
  const name = nameFrom(file.absolute);
  const blocks = [
    sourceBlock(file, name, path, patternOf(file.absolute)),
    'transforms: parse,validate,route',
    parserBlock(guess),
    schemaBlock(guess),
    routeBlock(guess, name),
    deadLetterBlock(name),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const EXTENSIONS = /(?:\.[A-Za-z]\w{0,4})+$/;

/** Files that are called alike. */
function patternOf(path: string): string {
  return `*${EXTENSIONS.exec(basename(path))?.[0] ?? ''}`;
}

function sourceBlock(file: DataFile, name: string, path: string, pattern: string): string {
  const inputPath = isUrl(file.path) ? file.path : pathFrom(path, file.absolute);
  const [watched, glob] = isUrl(file.path)
    ? [watchedLines(file.path), `${dirname(file.path)}/${pattern}`]
    : [FOLDER, `./${pattern}`];
  return `# A feed for ${basename(file.absolute)}, guessed from its rows. Look at what it makes of them:
#   headrace preview ${basename(path)}
# Every option is in docs/configuration.md.

# The feed's place in its files is kept under this name.
name: ${name}

# Loads this file, or the files of a glob such as ${glob}, and ends. To wait for files in a folder instead:
${watched}
#   input.file.pattern: "${pattern}"
connector.class: local
${feedLine('input.path', inputPath)}`;
}

const FOLDER = `#   connector.class: directory
#   input.path: ./drop`;

function watchedLines(url: string): string {
  return Object.entries(watchedKeys(fileUrl(url)))
    .map(([key, value]) => `#   ${key}: ${value}`)
    .join('\n');
}

function pathFrom(feed: string, absolute: string): string {
  const below = relative(dirname(resolve(feed)), absolute)
    .split(sep)
    .join('/');
  return below.startsWith('.') ? below : `./${below}`;
}

function parserBlock({ parser, options, header, renamed, doubts }: Guess): string {
  const lines = ['# Bytes to rows.', feedLine('transforms.parse.type', parser)];
  for (const [key, value] of Object.entries(options)) {
    if (key === 'columns' && parser === 'csv') lines.push(columnsRemark(header, renamed));
    lines.push(...parserLines({ [key]: value }));
  }
  for (const { text, change } of doubts) lines.push(...remark(text, parserLines(change)));
  return lines.join('\n');
}

/** What was taken for granted, and the lines that would say otherwise. */
function remark(text: string, lines: readonly string[]): string[] {
  return [
    `# Assumed: ${text}${lines.length > 0 ? '; otherwise:' : ''}`,
    ...lines.map((line) => `#   ${line}`),
  ];
}

function columnsRemark(header: boolean, renamed: boolean): string {
  return header || renamed
    ? '# Not all names of the header can be used as they are; these take their place.'
    : '# There is no header: these names are yours to choose.';
}

function schemaBlock({ columns, nullValues, sampled, isWhole }: Guess): string {
  const rows = isWhole ? 'rows' : `first ${sampled} rows`;
  const lines = [
    `# Text to typed values, as the ${rows} of the file are. A row that does not fit is rejected.`,
    'transforms.validate.type: schema',
  ];
  if (nullValues.length > 0) lines.push(feedLine('transforms.validate.null.values', nullValues.join(', ')));
  return [...lines, ...columns.flatMap(columnLines)].join('\n');
}

function columnLines({ name, type, settings, optional, misfit, doubts }: GuessedColumn): string[] {
  const remarks = doubts.flatMap(({ text, change }) => remark(text, fieldLines(name, change)));
  if (misfit !== null) remarks.push(`# Not every row fits: ${JSON.stringify(misfit)} is there as well.`);
  return [...remarks, ...fieldLines(name, { type, ...settings, ...(optional && { optional: 'true' }) })];
}

function routeBlock({ columns }: Guess, topic: string): string {
  const key = keyColumn(columns);
  return [
    '# Where rows go. Rows with the same key stay in order.',
    'transforms.route.type: route',
    feedLine('transforms.route.topic', topic),
    key === undefined ? '# transforms.route.key: a_column' : feedLine('transforms.route.key', key.name),
  ].join('\n');
}

function deadLetterBlock(topic: string): string {
  return `# Rows that do not fit go here, with the reason; without these lines the first one stops the feed.
errors.tolerance: all
errors.deadletterqueue.topic.name: ${topic}.dlq`;
}

/** What rows are about is most often text: a column called like a key, else the first. */
function keyColumn(columns: readonly GuessedColumn[]): GuessedColumn | undefined {
  const present = columns.filter(({ optional }) => !optional);
  const called = present.find(({ name }) =>
    /^(?:key|id|code|symbol|ticker|isin|sku|name)$|_(?:id|key|code)$/i.test(name),
  );
  return called ?? present.find(({ type }) => type === 'string' || type === 'enum');
}

/** A name for feed and topic: the file's, without dates, numbers and extensions. */
function nameFrom(path: string): string {
  const stem = basename(path).replace(EXTENSIONS, '');
  const words = stem.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/[-_]*\d{4,}[-_\d]*$/g, '');
  return words.replaceAll(/^[-_]+|[-_]+$/g, '').slice(0, 100) || 'rows';
}
