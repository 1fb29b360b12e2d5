import type { SourceFile } from '../plugin/index.ts';

/** The file that rows are said to come from. */
export const FILE: SourceFile = {
  partition: { file: 'rows.csv' },
  path: 'rows.csv',
  name: 'rows.csv',
  start: null,
  size: null,
  offsetAt: ({ position }) => ({ position }),
};
