import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { didYouMean } from '../../values/closest-name.ts';
import type { ConfigEntries, ConfigEntry, Given, ResolvedEntries, ResolvedEntry } from './config-entry.ts';
import { problemAt } from './config-entry.ts';
import type { Environment } from './environment.ts';
import type { Problem } from './problem.ts';

/** What values written as `${provider:…}` may come from. */
export interface ConfigProviders {
  readonly environment: Environment;
  /** `file` and `dir` read only here and below; absolute. */
  readonly allowedPaths: readonly string[];
}

/** A reference with a colon in it; `${name}` alone belongs to whoever reads the value. */
export const REFERENCE = /\$\{([^${}:]*):([^{}]*)\}/g;
const UNCLOSED = /\$\{(env|file|dir):[^}]*$/;

/** Those that need not be declared. */
export const BUILT_IN_PROVIDERS: readonly string[] = ['env', 'file', 'dir'];

class ProviderMistake extends Error {}

/** Puts the values of config providers in. What a provider gives is taken as it is: no references within it. */
export function resolveEntries(
  config: ConfigEntries,
  providers: ConfigProviders,
): { entries: ResolvedEntries; problems: readonly Problem[] } {
  const entries = new Map<string, ResolvedEntry>();
  const problems: Problem[] = [];
  for (const [key, entry] of config.entries) {
    let value: string | null = null;
    try {
      value = resolveText(entry, providers, config.given);
    } catch (error) {
      if (!(error instanceof ProviderMistake)) throw error;
      problems.push(problemAt(entry, key, error.message));
    }
    entries.set(key, { ...entry, value });
  }
  return { entries, problems };
}

function resolveText(
  { text, origin }: ConfigEntry,
  providers: ConfigProviders,
  given: ConfigEntries['given'],
): string {
  if (!text.includes('${')) return text;
  const unclosed = UNCLOSED.exec(text);
  if (unclosed !== null) throw new ProviderMistake(`${unclosed[0]} is not closed; expected a } after it`);
  return text.replaceAll(REFERENCE, (reference, provider: string, argument: string) => {
    switch (provider) {
      case 'env':
        return environmentValue(reference, argument, providers.environment);
      case 'file':
        return propertyValue(reference, splitArgument(reference, argument), origin.folder, providers);
      case 'dir':
        return fileValue(reference, splitArgument(reference, argument), origin.folder, providers);
      default:
        return givenValue(reference, provider, given?.get(reference));
    }
  });
}

function givenValue(reference: string, provider: string, given: Given | undefined): string {
  if (given === undefined) {
    const declared = "env, file, dir or one that the worker's config.providers names";
    throw new ProviderMistake(
      `${reference}: unknown config provider; expected ${declared}${didYouMean(provider, BUILT_IN_PROVIDERS)}`,
    );
  }
  if ('mistake' in given) throw new ProviderMistake(given.mistake);
  return given.value;
}

function environmentValue(reference: string, name: string, environment: Environment): string {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value === undefined) {
    throw new ProviderMistake(`${reference}: the environment variable ${name} is not set`);
  }
  return value;
}

interface PathAndKey {
  readonly path: string;
  readonly key: string;
}

function splitArgument(reference: string, argument: string): PathAndKey {
  const colon = argument.lastIndexOf(':');
  const path = argument.slice(0, colon);
  const key = argument.slice(colon + 1);
  if (colon < 1 || key === '') throw new ProviderMistake(`${reference}: expected a path, a colon and a key`);
  return { path, key };
}

/** A line `key=value`; spaces around both do not count, backslashes mean nothing. */
function propertyValue(
  reference: string,
  { path, key }: PathAndKey,
  folder: string,
  providers: ConfigProviders,
): string {
  const text = readAllowed(reference, resolve(folder, path), providers);
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    const comment = /^\s*[#!]/.test(line);
    if (!comment && equals !== -1 && line.slice(0, equals).trim() === key)
      return line.slice(equals + 1).trim();
  }
  throw new ProviderMistake(`${reference}: the file has no line ${key}=…`);
}

/** The text of the file named by the key; a line end at its end is the editor's, not the value's. */
function fileValue(
  reference: string,
  { path, key }: PathAndKey,
  folder: string,
  providers: ConfigProviders,
): string {
  if (/[\\/]/.test(key) || key === '.' || key === '..') {
    throw new ProviderMistake(`${reference}: expected the name of a file as the key, got a path`);
  }
  return readAllowed(reference, join(resolve(folder, path), key), providers).replace(/\r?\n$/, '');
}

function readAllowed(reference: string, path: string, { allowedPaths }: ConfigProviders): string {
  if (!allowedPaths.some((allowed) => isWithin(path, allowed) || isWithin(path, realPath(allowed)))) {
    throw new ProviderMistake(notAllowed(reference));
  }
  const real = realPath(path);
  if (real === null) throw new ProviderMistake(`${reference}: no such file`);
  if (!allowedPaths.some((allowed) => isWithin(real, realPath(allowed)))) {
    throw new ProviderMistake(notAllowed(reference));
  }
  try {
    if (!statSync(real).isFile()) throw new ProviderMistake(`${reference}: expected a file`);
    return readFileSync(real, 'utf8');
  } catch (error) {
    if (error instanceof ProviderMistake) throw error;
    throw new ProviderMistake(`${reference}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function notAllowed(reference: string): string {
  return `${reference}: not below an allowed folder; name its folder in the worker's config.providers.allowed.paths`;
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function isWithin(path: string, folder: string | null): boolean {
  if (folder === null) return false;
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
