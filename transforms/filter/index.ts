import { defineTransformation } from '../../src/plugin/index.ts';

export default defineTransformation({
  name: 'Filter',
  doc: 'Drops every record; with a `predicate`, those that meet it.',
  config: {},
  create: () => ({ apply: () => null }),
});
