/** Where the time of a task's thread goes. */
export const STAGES = [
  'read',
  'parse',
  'transform',
  'encode',
  'send',
  'gc',
  'startup',
  'other',
  'idle',
] as const;
export type Stage = (typeof STAGES)[number];

/**
 * The stage that a script belongs to: the first that matches its address counts, so the special come before the
 * general. Scripts that are not here, like Node's buffers and streams, and native code work for whoever called them.
 */
export const STAGE_OF_SCRIPT: readonly (readonly [script: RegExp, stage: Stage])[] = [
  [/^node:internal\/(modules|bootstrap|deps)/, 'startup'],
  [/\/connectors\//, 'read'],
  [/^node:(internal\/)?fs/, 'read'],
  [/\/src\/runtime\/stages\/parse-stream\./, 'parse'],
  [/\/transforms\/csv\//, 'parse'],
  [/\/node_modules\/csv-parse\//, 'parse'],
  [/\/src\/runtime\/stages\/transform/, 'transform'],
  [/\/(transforms|plugins)\//, 'transform'],
  [/\/src\/converters\//, 'encode'],
  [/\/src\/sink\/transaction-/, 'send'],
  [/\/src\/sink\//, 'encode'],
  [/\/src\/kafka\/records\//, 'encode'],
  [/\/src\/kafka\//, 'send'],
  [/\/node_modules\/kafkajs\//, 'send'],
  [/^node:(net|tls|internal\/(stream_base_commons|tls|dns|net))/, 'send'],
];

/** What the profiler itself tells of a thread, where no script runs. */
export const STAGE_OF_STATE: Readonly<Record<string, Stage>> = {
  '(garbage collector)': 'gc',
  '(idle)': 'idle',
  '(program)': 'other',
  '(root)': 'other',
};
