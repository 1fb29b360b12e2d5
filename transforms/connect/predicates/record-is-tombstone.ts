import { definePredicate } from '../../../src/plugin/index.ts';

export default definePredicate({
  name: 'RecordIsTombstone',
  doc: 'Met by tombstones: records without a value.',
  config: {},
  create: () => ({ test: ({ value }) => value === null || value === undefined }),
});
