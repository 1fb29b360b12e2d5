import type { Conversion, FeedLine, Note } from './conversion.ts';

/** Keys in the order in which a feed is read; what is below a key stands with it. */
const ORDER = [
  ...[
    'name',
    'connector.class',
    'tasks.max',
    's3',
    'sftp',
    'gcs',
    'azure',
    'input',
    'settle.ms',
    'scan.interval.ms',
  ],
  ...['files.order', 'finished', 'error.path', 'on.reappear', 'transforms', 'predicates', 'key.converter'],
  ...['value.converter', 'headers.source', 'errors', 'topic.creation'],
];
const PLAIN = /^[A-Za-z0-9./_$][\w./:;$ -]*$/;
/** What YAML would take for something else than text, here or elsewhere. */
const WORDS = /^(?:true|false|yes|no|on|off|null|~|[\d.+-]+.*)$/i;

/** What stands below a field of a schema. */
const FIELD = /^transforms\.[^.]+\.fields\.(?:`[^`]*`|[^.]+)/;

/** The feed as YAML, with what it was made of and what it lacks as comments. */
export function feedText(conversion: Conversion, file: string, type: string): string {
  const { labels, lines, notes } = conversion;
  const sorted = [...lines.values()].sort((a, b) => placeOf(a.key, labels) - placeOf(b.key, labels));
  const grouped = Map.groupBy(sorted, ({ key }) => FIELD.exec(key)?.[0] ?? key);
  const told = new Set<string>();
  const body = [...grouped.values()]
    .flat()
    .flatMap((line) => [...commentOf(line, conversion, told), `${keyText(line.key)}: ${valueText(line)}`]);
  return `${[`# Made of ${oneLine(file)}, ${oneLine(type)}.`, ...body, ...noteLines(notes)].join('\n')}\n`;
}

/** What was written where it is not the same here, once. Secrets have the same value under another name. */
function commentOf({ key, value, from }: FeedLine, { source }: Conversion, told: Set<string>): string[] {
  const others = [...from].filter((other) => source.has(other) && !told.has(other));
  for (const other of others) told.add(other);
  return others
    .filter((other) => other !== key || source.get(other) !== value)
    .map((other) => {
      const written = source.get(other) ?? '';
      return written === value || written.length > 100 ? `# ${other}` : `# ${other}=${oneLine(written)}`;
    });
}

function noteLines(notes: readonly Note[]): string[] {
  const parts = [
    { kind: 'lost', title: '# Otherwise here, or left to do:' },
    { kind: 'needless', title: '# Not needed here:' },
  ] as const;
  return parts.flatMap(({ kind, title }) => {
    const told = notes.filter((note) => note.kind === kind);
    return told.length === 0 ? [] : ['', title, ...told.map((note) => `# - ${oneLine(noteText(note))}`)];
  });
}

/** One line about a key. */
export function noteText({ key, isWritten, message }: Note): string {
  return `${key}${isWritten ? '' : ' (not written)'}: ${message}`;
}

function placeOf(key: string, labels: readonly string[]): number {
  const at = ORDER.findIndex((other) => key === other || key.startsWith(`${other}.`));
  const place = at === -1 ? ORDER.length : at;
  const label = key.startsWith('transforms.') ? labels.indexOf(key.split('.')[1] ?? '') : -1;
  return place + (label + 1) / (labels.length + 2);
}

function keyText(key: string): string {
  return /^[\w.$-]+$/.test(key) ? key : JSON.stringify(key);
}

function valueText({ value }: FeedLine): string {
  const isPlain = PLAIN.test(value) && !/: |:$| #| $/.test(value);
  const isNumber = /^\d+$/.test(value);
  const isWord = value === 'true' || value === 'false';
  return isPlain && (isNumber || isWord || !WORDS.test(value)) ? value : JSON.stringify(value);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
