import { CONNECT_WORKER_KEYS } from '../../src/config/define/connect-worker-keys.ts';
import {
  CONNECTOR_OPTIONS,
  STAGE_OPTIONS,
  TOPIC_GROUP_OPTIONS,
  TOPIC_OPTIONS,
  TYPE_OPTIONS,
} from '../../src/config/define/connector-definition.ts';
import { WORKER_OPTIONS } from '../../src/config/define/worker-definition.ts';
import { CONNECT_KEYS } from '../../src/convert/connect-keys.ts';
import { CONNECTORS } from '../../src/convert/convert.ts';
import { FILEPULSE_FILTERS } from '../../src/convert/filepulse-filters.ts';
import { FILEPULSE_STORES } from '../../src/convert/filepulse-stores.ts';
import type { KeyRule } from '../../src/convert/key-rule.ts';
import { builtInNames, connectNames, type PluginKind } from '../../src/loader/built-in.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';
import type { ConfigDefinition, OptionDefinition } from '../../src/plugin/index.ts';
import { dottedName } from '../../src/values/dotted-name.ts';

const KINDS: readonly PluginKind[] = ['source', 'parser', 'transformation', 'predicate', 'converter'];

const FORMATS = {
  string: 'text',
  nat: 'whole number, 0 or more',
  int: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  list: 'list',
  path: 'path',
  url: 'URL',
  map: 'keys below it',
} as const;

/** What stands between `<!-- options: NAME -->` and `<!-- end -->` in a page, by NAME: a list for each definition. */
export async function optionLists(): Promise<ReadonlyMap<string, string>> {
  const lists = new Map([
    ['worker', listOf(WORKER_OPTIONS)],
    ['worker without a meaning', meaninglessKeys()],
    ['feed', listOf(CONNECTOR_OPTIONS)],
    ['topic creation', listOf(TOPIC_OPTIONS, 'topic.creation.default.')],
    ['topic group', listOf(TOPIC_GROUP_OPTIONS, 'topic.creation.<group>.')],
    ['transformation', listOf(STAGE_OPTIONS, 'transforms.<label>.')],
    ['predicate', listOf(TYPE_OPTIONS, 'predicates.<label>.')],
    ['converted Kafka Connect', keyTable(CONNECT_KEYS)],
    ['converted spooldir', keyTable(CONNECTORS.SpoolDirCsvSourceConnector ?? [])],
    [
      'converted spooldir lines',
      keyTable((CONNECTORS.SpoolDirLineDelimitedSourceConnector ?? []).slice(0, 1)),
    ],
    ['converted FilePulse', keyTable(CONNECTORS.FilePulseSourceConnector ?? [])],
    ['converted FilePulse places', keyTable(Object.values(FILEPULSE_STORES).flatMap(({ keys }) => keys))],
    ['converted FilePulse filters', filterTable()],
  ]);
  const loader = createPluginLoader({ pluginPath: [] });
  for (const kind of KINDS) {
    const ofConnect: string[] = [];
    for (const name of builtInNames(kind)) {
      const { doc, config } = await loader.load(kind, name);
      const list = `${escaped(doc)}\n\n${listOf(config)}`;
      const classes = connectNames(kind).filter((other) => stem(other) === stem(name));
      if (classes.length === 0) lists.set(`${kind} ${name}`, list);
      // The class for keys has the options of the one for values.
      else if (name === classes.at(-1)) ofConnect.push(`#### \`${classes.join(', ')}\`\n\n${list}`);
    }
    if (ofConnect.length > 0) lists.set(`${kind}s of Kafka Connect`, ofConnect.join('\n\n'));
  }
  return lists;
}

/** What `headrace convert` makes of keys, by the rules that it goes by. */
function keyTable(rules: readonly KeyRule[]): string {
  return table(
    'key',
    rules.map(({ key, becomes }) => [`\`${key.replace(/\.$/, '.*')}\``, becomes]),
  );
}

/** The same of filters, with their keys below them. */
function filterTable(): string {
  const rows = Object.entries(FILEPULSE_FILTERS).flatMap(([name, { becomes, keys }]) => [
    [`**${name}**`, becomes] as const,
    ...(keys ?? [])
      .filter((rule) => rule.becomes !== '')
      .map((rule) => [`\`${rule.key}\``, rule.becomes] as const),
  ]);
  return table('filter', rows);
}

function table(first: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([key, becomes]) => `| ${key} | ${escaped(becomes).replaceAll('|', '\\|')} |`);
  return [`| ${first} | here |`, '| --- | --- |', ...lines].join('\n');
}

function meaninglessKeys(): string {
  const byReason = Map.groupBy(CONNECT_WORKER_KEYS, ([, why]) => why);
  return [...byReason]
    .map(
      ([why, entries]) =>
        `- ${entries.map(([key]) => `\`${key.replace(/\.$/, '.*')}\``).join(', ')}: ${escaped(why)}`,
    )
    .join('\n');
}

/** The name of a class of Kafka Connect without `$Key` or `$Value`. */
function stem(name: string): string {
  return name.replace(/\$\w+$/, '');
}

/** A page with its lists as the definitions are now. Throws on a list that has no definition. */
export function withLists(page: string, lists: ReadonlyMap<string, string>): string {
  return page.replaceAll(MARKED, (_whole, name: string) => {
    const list = lists.get(name);
    if (list === undefined)
      throw new Error(`nothing has the options "${name}"; expected one of ${[...lists.keys()].join(', ')}`);
    return `<!-- options: ${name} -->\n\n${list}\n\n<!-- end -->`;
  });
}

/** The names of the lists in a page. */
export function listsIn(page: string): string[] {
  return [...page.matchAll(MARKED)].map(([, name]) => name as string);
}

const MARKED = /<!-- options: ([\w -]+) -->\n[\s\S]*?<!-- end -->/g;

function listOf(definition: ConfigDefinition, prefix = ''): string {
  const options = Object.entries(definition);
  if (options.length === 0) return 'It has no options.';
  return options.map(([name, option]) => itemOf(prefix + dottedName(name), option)).join('\n');
}

function itemOf(key: string, option: OptionDefinition): string {
  const name = option.format === 'map' ? `${key}.<name>` : key;
  const secret = option.sensitive ? ' Shown as `[hidden]`.' : '';
  const facts = [formatOf(option), defaultOf(option)].filter((fact) => fact !== null);
  return `- \`${name}\` (${facts.join(', ')}): ${escaped(option.doc)}${secret}`;
}

/** Without what Markdown would take for emphasis or HTML; what stands in backquotes is safe. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[*_<]/g, '\\$&')))
    .join('');
}

function formatOf({ format }: OptionDefinition): string {
  return typeof format === 'string' ? FORMATS[format] : format.map((value) => `\`${value}\``).join(' or ');
}

function defaultOf({ required, default: value, format }: OptionDefinition): string | null {
  if (required) return '**required**';
  const isNothing = value === null || value === undefined || value === '';
  if (isNothing || format === 'map' || (Array.isArray(value) && value.length === 0)) return null;
  return `default \`${String(value)}\``;
}
