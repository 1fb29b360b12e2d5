import { didYouMean } from '../../values/closest-name.ts';
import type { ConfigEntries, ResolvedEntries } from '../read/config-entry.ts';
import { problemAt } from '../read/config-entry.ts';
import { BUILT_IN_PROVIDERS } from '../read/config-providers.ts';
import type { Problem } from '../read/problem.ts';
import { type SecretStore, STORE_KINDS, STORE_PARAMS, type StoreKind } from './secret-store.ts';

/** Kafka Connect's classes for what is here without being declared. */
const CONNECT_CLASS = /^org\.apache\.kafka\.common\.config\.provider\.(File|Directory|EnvVar)ConfigProvider$/;
const CONNECT_NAMES: Readonly<Record<string, string>> = { File: 'file', Directory: 'dir', EnvVar: 'env' };

/** `config.providers.vault.class`. */
const CLASS_KEY = /^config\.providers\.([^.]+)\.class$/;

/** The providers of a worker of Kafka Connect's that are other people's classes of Java: their keys mean nothing here. */
export function foreignProviders({ entries }: ConfigEntries): ReadonlySet<string> {
  const names = [...entries].map(([key, { text }]) => {
    const [, name] = CLASS_KEY.exec(key) ?? [];
    return name !== undefined && text.includes('.') && builtInName(text) === null ? name : null;
  });
  return new Set(names.filter((name) => name !== null));
}

/** The keys below `config.providers.` that declare nothing. */
const OTHER_KEYS = 'allowed.paths';

/**
 * The stores that a worker declares, as Kafka Connect has it: `config.providers: vault,aws`, and of each
 * `config.providers.<name>.class` where its name does not say what it is, and `config.providers.<name>.param.<param>`.
 *
 * @param below the entries below `config.providers.`
 */
export function declaredStores(
  names: readonly string[],
  below: ResolvedEntries,
): { readonly stores: readonly SecretStore[]; readonly problems: readonly Problem[] } {
  const stores: SecretStore[] = [];
  const problems: Problem[] = [];
  const report = (key: string, message: string) => {
    const entry = below.get(key);
    problems.push(problemAt(entry ?? { line: null, column: null, origin: null }, keyOf(key), message));
  };
  for (const name of names) {
    const named = below.get(`${name}.class`)?.value ?? name;
    const builtIn = builtInName(named);
    if (builtIn !== null) {
      if (builtIn !== name)
        report(`${name}.class`, `is here as ${builtIn}; write \${${builtIn}:…} for \${${name}:…}`);
    } else if (!isKind(named)) {
      const meant = didYouMean(named, STORE_KINDS);
      report(`${name}.class`, `expected one of ${STORE_KINDS.join(', ')}, got ${named}${meant}`);
    } else stores.push({ name, kind: named, params: paramsOf(name, named, below, report) });
  }
  for (const key of below.keys()) {
    if (key === OTHER_KEYS || names.some((name) => key.startsWith(`${name}.`))) continue;
    report(
      key,
      `unknown key; config.providers names no such provider${didYouMean(key, [OTHER_KEYS], keyOf)}`,
    );
  }
  return { stores, problems };
}

function keyOf(below: string): string {
  return `config.providers.${below}`;
}

function builtInName(named: string): string | null {
  if (BUILT_IN_PROVIDERS.includes(named)) return named;
  return CONNECT_NAMES[CONNECT_CLASS.exec(named)?.[1] ?? ''] ?? null;
}

function isKind(named: string): named is StoreKind {
  return Object.hasOwn(STORE_PARAMS, named);
}

function paramsOf(
  name: string,
  kind: StoreKind,
  below: ResolvedEntries,
  report: (key: string, message: string) => void,
): Record<string, string> {
  const known: readonly string[] = STORE_PARAMS[kind];
  const params: Record<string, string> = {};
  for (const [key, { value }] of below) {
    if (!key.startsWith(`${name}.`) || key === `${name}.class`) continue;
    const [, param] = /^param\.(.+)$/.exec(key.slice(name.length + 1)) ?? [];
    if (param === undefined || !known.includes(param)) {
      const expected = [`${name}.class`, ...known.map((one) => `${name}.param.${one}`)];
      report(
        key,
        `unknown key; expected ${expected.map(keyOf).join(', ')}${didYouMean(keyOf(key), expected.map(keyOf))}`,
      );
    } else if (value !== null) params[param] = value;
  }
  const { 'vault.url': vaultUrl } = params;
  if (kind === 'azure-key-vault' && URL.parse(vaultUrl ?? '')?.protocol !== 'https:') {
    const expected = 'https://NAME.vault.azure.net';
    const isSet = below.has(`${name}.param.vault.url`);
    report(
      `${name}.param.vault.url`,
      isSet ? `expected an address such as ${expected}` : `is required but not set (${expected})`,
    );
  }
  return params;
}
