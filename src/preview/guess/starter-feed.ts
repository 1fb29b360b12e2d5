import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileUrl } from '../../../connectors/inputs/file-url.ts';
import { watchedKeys } from '../../../connectors/inputs/watched-place.ts';
import type { DataFile } from '../../dry-run/data-file.ts';
import { isUrl } from '../../values/url.ts';
import type { Guess, GuessedColumn } from './guess.ts';

/** A commented feed that reads a file as it was guessed; `path` is where it is going to be. */
export function starterFeed(file: DataFile, guess: Guess, path: string): string {
  const name = nameFrom(file.absolute);
  const blocks = [
    sourceBlock(file, name, path, guess.parser === 'csv' ? '*.csv' : '*.jsonl'),
    'transforms: parse,validate,route',
    parserBlock(guess),
    schemaBlock(guess),
    routeBlock(guess, name),
    deadLetterBlock(name),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function sourceBlock(file: DataFile, name: string, path: string, pattern: string): string {
  const inputPath = isUrl(file.path) ? file.path : pathFrom(path, file.absolute);
  const [watched, glob] = isUrl(file.path)
    ? [watchedLines(file.path), `${dirname(file.path)}/${pattern}`]
    : [FOLDER, `./${pattern}`];
  return `# A feed for ${basename(file.absolute)}, guessed from its first rows. Look at what it makes of them:
#   headrace preview ${basename(path)}
# Every option is in docs/configuration.md.

# The feed's place in its files is kept under this name.
name: ${name}

# Loads this file, or the files of a glob such as ${glob}, and ends. To wait for files in a folder instead:
${watched}
#   input.file.pattern: "${pattern}"
connector.class: local
input.path: ${quoted(inputPath)}`;
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

function parserBlock(guess: Guess): string {
  const lines = ['# Bytes to rows.', `transforms.parse.type: ${guess.parser}`];
  const set = (key: string, value: string) => lines.push(`transforms.parse.${key}: ${value}`);
  if (guess.encoding !== 'utf8' && !guess.byteOrderMark) set('encoding', guess.encoding);
  if (guess.parser === 'csv') setDialect(guess, lines, set);
  return lines.join('\n');
}

function setDialect(guess: Guess, lines: string[], set: (key: string, value: string) => void): void {
  if (guess.delimiter !== ',')
    set('delimiter', guess.delimiter === '\t' ? '"\\\\t"' : quoted(guess.delimiter));
  if (guess.quote !== '"') set('quote', quoted(guess.quote));
  if (guess.trim) set('trim', 'true');
  if (!guess.header || guess.renamed) {
    lines.push(
      guess.header
        ? '# Not all names of the header can be used as they are, so it is passed over.'
        : '# There is no header: these names are yours to choose.',
    );
    set('header', 'false');
    if (guess.header) set('skip.lines', '1');
    set('columns', quoted(guess.columns.map(({ name }) => name).join(',')));
  }
}

function schemaBlock({ columns, nullValues, sampled }: Guess): string {
  const lines = [
    `# Text to typed values, as the first ${sampled} rows seem to be. A row that does not fit is rejected.`,
    'transforms.validate.type: schema',
  ];
  if (nullValues.length > 0) lines.push(`transforms.validate.null.values: ${quoted(nullValues.join(','))}`);
  return [...lines, ...columns.flatMap(fieldLines)].join('\n');
}

function fieldLines({ name, type, settings, optional, misfit }: GuessedColumn): string[] {
  const field = `transforms.validate.fields.${spelled(name)}`;
  const line = (key: string, value: string) => `${quoted(key)}: ${quoted(value)}`;
  const lines = misfit === null ? [] : [`# Not every row fits: ${JSON.stringify(misfit)} is there as well.`];
  lines.push(line(field, type));
  for (const [setting, value] of Object.entries(settings)) lines.push(line(`${field}.${setting}`, value));
  if (optional) lines.push(line(`${field}.optional`, 'true'));
  return lines;
}

/** In backquotes, where what is behind a dot might be a setting. */
function spelled(name: string): string {
  return /^`|\./.test(name) ? `\`${name.replaceAll('`.', '\\`.')}\`` : name;
}

function routeBlock({ columns }: Guess, topic: string): string {
  const key = keyColumn(columns);
  return [
    '# Where rows go. Rows with the same key stay in order.',
    'transforms.route.type: route',
    `transforms.route.topic: ${topic}`,
    key === undefined ? '# transforms.route.key: a_column' : `transforms.route.key: ${quoted(key.name)}`,
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
  const stem = basename(path).replace(/(?:\.[A-Za-z]\w{0,4})+$/, '');
  const words = stem.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/[-_]*\d{4,}[-_\d]*$/g, '');
  return words.replaceAll(/^[-_]+|[-_]+$/g, '').slice(0, 100) || 'rows';
}

/** Text as YAML takes it for text. */
function quoted(text: string): string {
  const isPlain = /^[A-Za-z_.][\w./-]*$/.test(text) && !/^null$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
