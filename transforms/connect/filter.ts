import { addingFields, defineTransformation } from '../../src/plugin/index.ts';
import type { CellTransformation } from '../../src/rows/index.ts';

export default defineTransformation({
  name: 'Filter',
  doc: 'Drops every record; with a `predicate`, those that meet it.',
  config: {},
  fieldUse: () => addingFields([]),
  create: (): CellTransformation => ({ apply: () => null, dropsAll: true }),
});
