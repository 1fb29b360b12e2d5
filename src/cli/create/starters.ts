import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PluginKind } from '../../loader/built-in.ts';
import { packagedPath } from '../../own-modules.ts';

export interface StarterFile {
  /** Below the folder that the command is called in. */
  readonly path: string;
  readonly text: string;
}

export interface PluginStarter {
  readonly kind: PluginKind;
  /** What a feed says to have the plugin. */
  inFeed(name: string): readonly string[];
}

/** By the word that asks for them. A feed is the other thing that is created. */
export const PLUGIN_STARTERS: Readonly<Record<string, PluginStarter>> = {
  transform: {
    kind: 'transformation',
    inFeed: (name) => [`transforms: parse,${name},validate,route`, `transforms.${name}.type: ${name}`],
  },
  predicate: {
    kind: 'predicate',
    inFeed: (name) => [
      `predicates: ${name}`,
      `predicates.${name}.type: ${name}`,
      `transforms.LABEL.predicate: ${name}`,
    ],
  },
  parser: {
    kind: 'parser',
    inFeed: (name) => [`transforms.parse.type: ${name}`, 'transforms.parse.columns: account,amount,note'],
  },
  converter: {
    kind: 'converter',
    inFeed: (name) => [`value.converter: ${name}`],
  },
  connector: {
    kind: 'source',
    inFeed: (name) => [`connector.class: ${name}`, 'urls: http://localhost:8000/trades.csv'],
  },
};

/** What stands for the name in the folder `starters`, in the names of files and in what they hold. */
const PLACEHOLDER = 'my-name';

/** The files of a starter under the name that it is to have. */
export function starterFiles(word: string, name: string): StarterFile[] {
  const folder = fileURLToPath(packagedPath(`starters/${word}/`));
  const named = (text: string) => text.replaceAll(PLACEHOLDER, name);
  return globSync('**/*.*', { cwd: folder })
    .sort()
    .map((path) => ({ path: named(path), text: named(readFileSync(folder + path, 'utf8')) }));
}
