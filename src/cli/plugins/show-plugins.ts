import { type InstalledPlugin, type InstalledPlugins, pluginsNamed } from '../../loader/installed-plugins.ts';
import { PLUGIN_KINDS } from '../../loader/plugin-kind.ts';
import type { ConfigDefinition, OptionDefinition } from '../../plugin/index.ts';
import { terminalOf } from '../../terminal/terminal.ts';
import { cut, printable, wrap } from '../../terminal/text.ts';
import { textTable } from '../../terminal/text-table.ts';
import { dottedName } from '../../values/dotted-name.ts';
import { print, printJson } from '../print.ts';

const FORMATS = {
  string: 'text',
  nat: 'whole number, 0 or more',
  int: 'whole number',
  number: 'number',
  boolean: 'true or false',
  list: 'list, comma-separated',
  path: 'path',
  url: 'URL',
  map: 'keys below it',
} as const;

const COLUMNS = [
  { title: 'name', align: 'left' },
  { title: 'does', align: 'left' },
] as const;

/** Prints what is installed, by kind. */
export function listPlugins({ found, broken }: InstalledPlugins, json: boolean): void {
  if (json) return printJson({ plugins: found.map(plain), broken });
  const kinds = Map.groupBy(found, ({ plugin }) => plugin.kind);
  const lists = [...kinds].map(([kind, plugins]) => {
    const widest = Math.max(...plugins.map(({ name }) => name.length));
    const rows = plugins.map(({ name, plugin, path }) => {
      const does = firstSentence(plugin.doc) + origin(path);
      return [name, process.stdout.isTTY ? cut(does, terminalOf(false).width - widest - 2) : does];
    });
    return `${PLUGIN_KINDS[kind].title}s\n\n${textTable(COLUMNS, rows)}`;
  });
  print(lists.join('\n'));
  for (const { reason } of broken) console.error(printable(reason));
}

/** Prints a plugin with all its options. Throws PLUGIN_INVALID when there is none of that name. */
export async function showPlugin(plugins: InstalledPlugins, name: string, json: boolean): Promise<void> {
  const named = await pluginsNamed(plugins, name);
  if (json) return printJson({ plugins: named.map((one) => ({ ...plain(one), options: options(one) })) });
  const { width } = terminalOf(false);
  print(named.map((one) => pageOf(one, Math.min(width, 100))).join('\n'));
}

function plain({ name, plugin, path }: InstalledPlugin) {
  return { kind: plugin.kind, name, doc: plugin.doc, path };
}

function options({ plugin }: InstalledPlugin) {
  return Object.entries(plugin.config as ConfigDefinition).map(([name, option]) => ({
    name: keyOf(name, option),
    type: formatOf(option),
    required: option.required === true,
    default: option.default ?? null,
    sensitive: option.sensitive === true,
    doc: option.doc,
  }));
}

function pageOf({ name, plugin, path }: InstalledPlugin, width: number): string {
  const title = `${printable(name)}: ${PLUGIN_KINDS[plugin.kind].title}${origin(path)}`;
  const items = Object.entries(plugin.config as ConfigDefinition).map(
    ([option, definition]) =>
      `\n  ${keyOf(option, definition)}  (${facts(definition)})\n${paragraph(definition.doc, width, 4)}`,
  );
  const list = items.length === 0 ? '\n  It has no options.\n' : items.join('');
  return `${title}\n${paragraph(plugin.doc, width, 2)}${list}`;
}

function paragraph(text: string, width: number, indent: number): string {
  const lines = wrap(printable(text), width - indent);
  return lines.map((line) => `${' '.repeat(indent)}${line}\n`).join('');
}

function keyOf(name: string, { format }: OptionDefinition): string {
  return format === 'map' ? `${dottedName(name)}.<name>` : dottedName(name);
}

function facts(option: OptionDefinition): string {
  const { required, default: value, sensitive } = option;
  const isNothing = value === null || value === undefined || value === '' || option.format === 'map';
  const list = [formatOf(option)];
  if (required) list.push('required');
  else if (!isNothing && !(Array.isArray(value) && value.length === 0)) list.push(`default ${value}`);
  if (sensitive) list.push('shown as [hidden]');
  return list.join(', ');
}

function formatOf({ format }: OptionDefinition): string {
  return typeof format === 'string' ? FORMATS[format] : format.join(' or ');
}

function origin(path: string | null): string {
  return path === null ? '' : ` (${path})`;
}

function firstSentence(doc: string): string {
  return /^.*?\.(?=\s+[A-Z]|\s*$)/s.exec(doc)?.[0] ?? doc;
}
