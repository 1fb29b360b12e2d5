import type { ConfigValues, PredicatePlugin } from '../plugin/index.ts';
import { didYouMean } from '../values/closest-name.ts';
import type { ConnectorReader } from './connector-reader.ts';
import { STAGE_OPTIONS, TYPE_OPTIONS } from './define/connector-definition.ts';
import type {
  ParserStage,
  PluginInstance,
  PluginOfKind,
  PredicateUse,
  TransformationStage,
} from './define/plugin-instance.ts';

export interface Stages {
  /** null when it is missing or wrong, which is reported. */
  readonly parser: ParserStage | null;
  readonly transformations: readonly TransformationStage[];
}

type Predicates = ReadonlyMap<string, PluginInstance<PredicatePlugin> | null>;

/** Reads `predicates` and `transforms`: the first of them is the parser. */
export async function readStages(
  reader: ConnectorReader,
  transforms: readonly string[],
  predicates: readonly string[],
): Promise<Stages> {
  const usablePredicates = await readPredicates(reader, labelsOf(reader, 'predicates', predicates));
  const [first, ...rest] = labelsOf(reader, 'transforms', transforms);
  const parser = first === undefined ? null : await readParser(reader, first);
  const transformations: TransformationStage[] = [];
  for (const label of rest) {
    const stage = await readTransformation(reader, label, usablePredicates);
    if (stage !== null) transformations.push(stage);
  }
  return { parser, transformations };
}

/** The labels that can be used; those that are typed but not listed are problems, as they would do nothing. */
function labelsOf(
  reader: ConnectorReader,
  key: 'transforms' | 'predicates',
  listed: readonly string[],
): string[] {
  const labels = new Set<string>();
  for (const label of listed) {
    if (label === '') continue; // reported by the list's format
    if (labels.has(label)) reader.problem(key, `lists ${label} twice; expected each label once`);
    else if (!/^[\w-]+$/.test(label)) {
      reader.problem(key, `expected labels of letters, digits, "_" and "-", got ${JSON.stringify(label)}`);
    } else labels.add(label);
  }
  // Without the list, or with a list that a config provider failed to give, that is the mistake: not the labels.
  const isReported = listed.length === 0 && (key === 'transforms' || reader.entries.get(key)?.value === null);
  for (const [typeKey, entry] of reader.entries) {
    const label = new RegExp(`^${key}\\.([^.]+)\\.type$`).exec(typeKey)?.[1];
    if (label === undefined || listed.includes(label)) continue;
    reader.allow({ known: { keys: [typeKey], maps: [`${key}.${label}`] } });
    if (isReported) continue;
    const message = `${label} is not listed in ${key}, so it would do nothing${didYouMean(label, labels)}`;
    reader.problem(typeKey, message, entry);
  }
  return [...labels];
}

async function readPredicates(reader: ConnectorReader, labels: readonly string[]): Promise<Predicates> {
  const predicates = new Map<string, PluginInstance<PredicatePlugin> | null>();
  for (const label of labels) {
    const prefix = `predicates.${label}.`;
    const scope = reader.scope(TYPE_OPTIONS, prefix, reader.entries.get('predicates'));
    reader.allow(scope);
    predicates.set(label, await readPlugin(reader, 'predicate', prefix, scope.values));
  }
  return predicates;
}

async function readParser(reader: ConnectorReader, label: string): Promise<ParserStage | null> {
  const prefix = `transforms.${label}.`;
  const scope = reader.scope(TYPE_OPTIONS, prefix, reader.entries.get('transforms'));
  reader.allow(scope);
  const instance = await readPlugin(reader, 'parser', prefix, scope.values);
  return instance && { label, ...instance };
}

async function readTransformation(
  reader: ConnectorReader,
  label: string,
  predicates: Predicates,
): Promise<TransformationStage | null> {
  const prefix = `transforms.${label}.`;
  const scope = reader.scope(STAGE_OPTIONS, prefix, reader.entries.get('transforms'));
  reader.allow(scope);
  const predicate = readPredicateUse(reader, prefix, scope.values, predicates);
  const instance = await readPlugin(reader, 'transformation', prefix, scope.values);
  return instance && { label, predicate, ...instance };
}

function readPredicateUse(
  reader: ConnectorReader,
  prefix: string,
  { predicate: label, negate }: ConfigValues<typeof STAGE_OPTIONS>,
  predicates: Predicates,
): PredicateUse | null {
  if (label === null) {
    if (negate) reader.problem(`${prefix}negate`, `has no effect without ${prefix}predicate`);
    return null;
  }
  const instance = predicates.get(label);
  if (instance === undefined) {
    const message = `no predicate is labelled ${JSON.stringify(label)}; list it in predicates`;
    reader.problem(`${prefix}predicate`, message + didYouMean(label, predicates.keys()));
  }
  return instance ? { label, negate, instance } : null;
}

/** Loads the plugin that `<prefix>type` names and reads its options. */
async function readPlugin<K extends StageKind>(
  reader: ConnectorReader,
  kind: K,
  prefix: string,
  { type: name, pluginVersion }: ConfigValues<typeof TYPE_OPTIONS>,
): Promise<PluginInstance<PluginOfKind<K>> | null> {
  const key = `${prefix}type`;
  const plugin = name ? await loadStage(reader, kind, key, name) : null;
  if (plugin === null) {
    // What options a plugin has is not known without the plugin: none of them can be called unknown.
    reader.allow({ known: { keys: [], maps: [prefix.slice(0, -1)] } });
    return null;
  }
  reader.requireVersion(plugin, `${prefix}plugin.version`, pluginVersion);
  return reader.instance(plugin, key, prefix);
}

async function loadStage<K extends StageKind>(
  reader: ConnectorReader,
  kind: K,
  key: string,
  name: string,
): Promise<PluginOfKind<K> | null> {
  const other = OTHER_KIND[kind];
  const misplaced =
    other !== null && !(await loads(reader, kind, name)) && (await loads(reader, other, name));
  if (!misplaced) return reader.load(kind, name, key);
  reader.problem(key, `${name} is a ${other}; ${PLACES[kind]}`);
  return null;
}

async function loads(reader: ConnectorReader, kind: StageKind, name: string): Promise<boolean> {
  try {
    await reader.plugins.load(kind, name);
    return true;
  } catch {
    return false;
  }
}

type StageKind = 'parser' | 'transformation' | 'predicate';

const OTHER_KIND = { parser: 'transformation', transformation: 'parser', predicate: null } as const;

const PLACES = {
  parser: 'the first of transforms must be a parser, which turns bytes into records',
  transformation: 'only the first of transforms can be a parser',
  predicate: '',
} as const;
