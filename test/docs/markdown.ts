import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A page of the documentation; `path` is relative to the project. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page: "```lang note". */
export interface Block {
  readonly lang: string;
  /** What follows the language: `feed`, `worker`, `part`, or a file's name. */
  readonly note: string;
  readonly text: string;
  /** `docs/plugins.md:17`. */
  readonly place: string;
}

/** Every page that is written for users and contributors. */
export function pages(): Page[] {
  const inDocs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs.map((name) => `docs/${name}`)];
  return paths.map(page);
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** Blocks may be indented, as in a list; the indentation is not part of their text. */
const FENCED = /^( *)```(\w*) ?([^\n]*)\n([\s\S]*?)^\1```$/gm;

export function blocksOf({ path, text }: Page): Block[] {
  return [...text.matchAll(FENCED)].map(([whole, indent = '', lang = '', note = '', body = ''], _index) => ({
    lang,
    note: note.trim(),
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    place: `${path}:${text.slice(0, text.indexOf(whole)).split('\n').length}`,
  }));
}

/** Every block of a language, of all pages. */
export function blocks(lang: string): Block[] {
  return pages()
    .flatMap(blocksOf)
    .filter((block) => block.lang === lang);
}
