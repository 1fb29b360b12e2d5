import { expectationOf, OPTION_FORMATS } from '../config/define/option-format.ts';
import { OWN_VERSION } from '../own-modules.ts';
import { CONTRACT_VERSION, type OptionDefinition } from '../plugin/index.ts';
import { didYouMean } from '../values/closest-name.ts';
import { isInRange, versionRange } from '../values/version-range.ts';
import type { PluginKind } from './built-in.ts';
import { isPluginKind, PLUGIN_KINDS } from './plugin-kind.ts';

/** What is wrong with the shape of a module's default export, each as `property: expected …, got …`. */
export function shapeMistakes(exported: unknown, kind: PluginKind): string[] {
  const { title, define, create } = PLUGIN_KINDS[kind];
  if (!isRecord(exported)) {
    return [`default export: expected a plugin made by ${define}(…), got ${describe(exported)}`];
  }
  if (exported.kind !== kind) {
    const got = isPluginKind(exported.kind) ? `a ${PLUGIN_KINDS[exported.kind].title}` : describe(exported);
    return [`default export: expected a ${title} made by ${define}(…), got ${got}`];
  }
  // Of one that was written for another contract nothing else can be said.
  const ofAnother = contractMistake(exported.contract);
  if (ofAnother !== null) return [ofAnother];
  return [
    ...(typeof exported.name === 'string' && exported.name !== ''
      ? []
      : [mistake('name', 'text', exported.name)]),
    ...(exported.version === undefined || typeof exported.version === 'string'
      ? []
      : [mistake('version', 'text such as 1.2.0', exported.version)]),
    ...(typeof exported.doc === 'string' ? [] : [mistake('doc', 'text', exported.doc)]),
    ...functionMistakes(exported, create),
    ...definitionMistakes(exported.config),
  ];
}

/** Numbers alone: npm's `^1.0` would be taken for a version, and fit no other. */
const CONTRACT_RANGE = /^[\d.,\s()[\]]+$/;

function contractMistake(declared: unknown): string | null {
  if (declared === undefined) return null;
  const range = typeof declared === 'string' && CONTRACT_RANGE.test(declared) ? versionRange(declared) : null;
  if (range === null) return mistake('contract', 'a range of versions such as [1.0,2.0)', declared);
  if (isInRange(CONTRACT_VERSION, range)) return null;
  return (
    `contract: it was written for ${range.text} of the plugin contract, and Headrace ${OWN_VERSION} has ${CONTRACT_VERSION}; ` +
    'install the version of the plugin, or of Headrace, that fits'
  );
}

function functionMistakes(plugin: Record<string, unknown>, create: string): string[] {
  const optional = ['check', 'columns', 'fieldUse', 'seeks', 'taskCount', 'countFiles'].filter(
    (name) => plugin[name] !== undefined,
  );
  return [create, ...optional]
    .filter((name) => typeof plugin[name] !== 'function')
    .map((name) => mistake(name, 'a function', plugin[name]));
}

function definitionMistakes(definition: unknown): string[] {
  if (!isRecord(definition)) return [mistake('config', 'options made by defineConfig({…})', definition)];
  return Object.entries(definition).flatMap(([name, option]) => optionMistakes(name, option));
}

function optionMistakes(name: string, option: unknown): string[] {
  const property = `config.${name}`;
  if (!/^[a-z][A-Za-z0-9]*$/.test(name) || RESERVED_NAMES.has(name)) {
    return [`${property}: expected a camelCase name of letters and digits; rename the option`];
  }
  if (!isRecord(option)) return [mistake(property, 'an object with doc, format and default', option)];
  const format = formatMistake(property, option.format);
  if (format !== null) return [format];
  return [
    ...(typeof option.doc === 'string' && option.doc !== ''
      ? []
      : [mistake(`${property}.doc`, 'text', option.doc)]),
    ...defaultMistakes(property, option as unknown as OptionDefinition),
  ];
}

/** convict's own words, which cannot be names of options. */
const RESERVED_NAMES = new Set(['constructor', 'prototype']);

function formatMistake(property: string, format: unknown): string | null {
  const formats = [...Object.keys(OPTION_FORMATS), 'map'];
  if (typeof format === 'string') {
    if (formats.includes(format)) return null;
    return `${property}.format: expected one of ${formats.join(', ')}, got "${format}"${didYouMean(format, formats)}`;
  }
  const isChoice =
    Array.isArray(format) && format.length > 0 && format.every((value) => typeof value === 'string');
  return isChoice ? null : mistake(`${property}.format`, "a format's name or a list of texts", format);
}

/** A list or map that is not set is empty; any other option must say what it is then. */
function defaultMistakes(property: string, option: OptionDefinition): string[] {
  if (option.required) {
    return option.default === undefined ? [] : [`${property}: expected required or default, got both`];
  }
  if (option.default === null) return [];
  if (option.default === undefined) {
    const mayBeEmpty = option.format === 'list' || option.format === 'map';
    return mayBeEmpty ? [] : [`${property}: expected a default or required: true, got neither`];
  }
  const expected = expectationOf(option, option.default);
  return expected === null
    ? []
    : [`${property}.default: expected ${expected}, got ${describe(option.default)}`];
}

function mistake(property: string, expected: string, value: unknown): string {
  return `${property}: expected ${expected}, got ${describe(value)}`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? 'a class' : 'a function';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : (JSON.stringify(value) ?? String(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
