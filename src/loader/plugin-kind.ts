import type { PluginKind } from './built-in.ts';

/** What a message calls a kind, who makes one, and which function it cannot do without. */
export const PLUGIN_KINDS: Readonly<
  Record<PluginKind, { readonly title: string; readonly define: string; readonly create: string }>
> = {
  source: { title: 'source connector', define: 'defineSourceConnector', create: 'createTask' },
  parser: { title: 'parser', define: 'defineParser', create: 'create' },
  transformation: { title: 'transformation', define: 'defineTransformation', create: 'create' },
  predicate: { title: 'predicate', define: 'definePredicate', create: 'create' },
  converter: { title: 'converter', define: 'defineConverter', create: 'create' },
};

export function isPluginKind(kind: unknown): kind is PluginKind {
  return typeof kind === 'string' && Object.hasOwn(PLUGIN_KINDS, kind);
}
