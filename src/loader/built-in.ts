import type { Plugin } from '../plugin/index.ts';

export type PluginKind = Plugin['kind'];

/** Where the plugins that come with Headrace are, by kind and name; relative to this folder, without extension. */
const BUILT_IN: Readonly<Record<PluginKind, Readonly<Record<string, string>>>> = {
  source: {
    local: '../../connectors/local/index',
    directory: '../../connectors/directory/index',
  },
  parser: { csv: '../../transforms/parse-csv/index' },
  transformation: {
    schema: '../../transforms/validate/index',
    route: '../../transforms/route/index',
  },
  predicate: {},
  converter: {
    bytes: '../converters/bytes',
    json: '../converters/json',
    string: '../converters/string',
  },
};

/** Plugins are TypeScript where Headrace itself runs from TypeScript, and JavaScript in what is published. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The module of a built-in plugin, or null. */
export function builtInModule(kind: PluginKind, name: string): URL | null {
  const names = BUILT_IN[kind];
  return Object.hasOwn(names, name) ? new URL(`${names[name]}${EXTENSION}`, import.meta.url) : null;
}

/** The built-in plugins' names, in order. */
export function builtInNames(kind: PluginKind): string[] {
  return Object.keys(BUILT_IN[kind]).sort();
}
