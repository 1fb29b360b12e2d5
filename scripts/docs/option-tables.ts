import { CONNECTOR_OPTIONS, STAGE_OPTIONS, TYPE_OPTION } from '../../src/config/connector-definition.ts';
import { WORKER_OPTIONS } from '../../src/config/worker-definition.ts';
import { builtInNames, type PluginKind } from '../../src/loader/built-in.ts';
import { createPluginLoader } from '../../src/loader/plugin-loader.ts';
import { type ConfigDefinition, dottedName, type OptionDefinition } from '../../src/plugin/index.ts';

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

/** What stands between `<!-- options: NAME -->` and `<!-- end -->` in a page, by NAME: a table for each definition. */
export async function optionTables(): Promise<ReadonlyMap<string, string>> {
  const tables = new Map([
    ['worker', tableOf(WORKER_OPTIONS)],
    ['feed', tableOf(CONNECTOR_OPTIONS)],
    ['transformation', tableOf(STAGE_OPTIONS, 'transforms.<label>.')],
    ['predicate', tableOf(TYPE_OPTION, 'predicates.<label>.')],
  ]);
  const loader = createPluginLoader({ pluginPath: [] });
  for (const kind of KINDS) {
    for (const name of builtInNames(kind)) {
      const { doc, config } = await loader.load(kind, name);
      tables.set(`${kind} ${name}`, `${doc}\n\n${tableOf(config)}`);
    }
  }
  return tables;
}

/** A page with its tables as the definitions are now. Throws on a table that has no definition. */
export function withTables(page: string, tables: ReadonlyMap<string, string>): string {
  return page.replaceAll(MARKED, (_whole, name: string) => {
    const table = tables.get(name);
    if (table === undefined)
      throw new Error(`nothing has the options "${name}"; expected one of ${[...tables.keys()].join(', ')}`);
    return `<!-- options: ${name} -->\n${table}\n<!-- end -->`;
  });
}

/** The names of the tables in a page. */
export function tablesIn(page: string): string[] {
  return [...page.matchAll(MARKED)].map(([, name]) => name as string);
}

const MARKED = /<!-- options: ([\w -]+) -->\n[\s\S]*?<!-- end -->/g;

function tableOf(definition: ConfigDefinition, prefix = ''): string {
  const options = Object.entries(definition);
  if (options.length === 0) return 'It has no options.';
  const rows = options.map(([name, option]) => rowOf(prefix + dottedName(name), option));
  return ['| key | value | default | |', '|---|---|---|---|', ...rows].join('\n');
}

function rowOf(key: string, option: OptionDefinition): string {
  const shownKey = option.format === 'map' ? `${key}.<name>` : key;
  const secret = option.sensitive ? ' Shown as `[hidden]`.' : '';
  const cells = [`\`${shownKey}\``, formatOf(option), defaultOf(option), option.doc + secret];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function formatOf({ format }: OptionDefinition): string {
  return typeof format === 'string' ? FORMATS[format] : format.map((value) => `\`${value}\``).join(', ');
}

function defaultOf({ required, default: value, format }: OptionDefinition): string {
  if (required) return '**required**';
  const isNothing = value === null || value === undefined || value === '';
  if (isNothing || format === 'map' || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
}
