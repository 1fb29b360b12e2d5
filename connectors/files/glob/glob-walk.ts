import { readdir } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { globMatcher } from './glob.ts';

const SPECIAL = /[*?[\]{}()!+@\\]/;

/** Whether a path that is not there may be meant as a glob. */
export function isGlob(path: string): boolean {
  return /[*?]|\[[^\]]*\]|\{[^}]*\}|[@+!]\(/.test(path);
}

/** The folder above the first part of a glob that stands for something else; empty for the one we are in. */
export function folderOf(glob: string): string {
  const { folder } = splitGlob(glob);
  return folder === '' ? '' : normalize(folder).replace(/(.)\/$/, '$1');
}

/** The folders before the first part of a glob that stands for something else, each with its slash, and the parts from there. */
export function splitGlob(glob: string): { readonly folder: string; readonly below: readonly string[] } {
  const parts = glob.split('/');
  const first = parts.findIndex((part) => SPECIAL.test(part));
  const below = parts.splice(first === -1 ? parts.length - 1 : first);
  return { folder: parts.map((part) => `${part}/`).join(''), below };
}

/**
 * What a glob finds that is no folder. Links to folders are followed where the glob spells them, not where it finds
 * them. A folder that cannot be read holds nothing.
 */
export async function* findGlob(glob: string): AsyncGenerator<string> {
  const base = folderOf(glob);
  const { below } = splitGlob(glob);
  const fits = globMatcher(below.join('/'));
  const mayHold = folderMatcher(below);
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(base, folder) || '.', { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const place = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (mayHold(place)) folders.push(place);
      } else if (fits(place)) yield join(base, place);
    }
  }
}

/** Which folders may hold something that fits: as deep as the parts of the glob are, and each as its part says. */
export function folderMatcher(parts: readonly string[]): (place: string) => boolean {
  const isAnyFrom = parts.findIndex((part) => part === '**' || /[({]/.test(part));
  const known = isAnyFrom === -1 ? parts.slice(0, -1) : parts.slice(0, isAnyFrom);
  const matchers = known.map((part) => globMatcher(part));
  return (place) => {
    const names = place.split('/');
    if (names.length > matchers.length && isAnyFrom === -1) return false;
    return matchers.every((matches, depth) => names[depth] === undefined || matches(names[depth]));
  };
}
