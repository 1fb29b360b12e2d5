import { definePredicate } from 'headrace/plugin';

export default definePredicate({
  name: 'my-name',
  // Of headrace/plugin, which it is written for.
  contract: '[1.0,2.0)',
  doc: 'Whether a field begins with a text.',
  // What a feed may set. The types of `field` and `prefix` below come from here.
  config: {
    field: { doc: 'The field to look at.', format: 'string', default: 'account' },
    prefix: { doc: 'What it begins with.', format: 'string', default: 'TEST' },
  },
  // Called once for each task of the feed: what is the same for all rows is made here.
  create: ({ field, prefix }) => ({
    // Called for each row. Give true or false, at once; what is thrown sends the row to the dead-letter queue.
    test(record) {
      // Every value is text, unless a `schema` goes before, which makes numbers of some.
      const row = record.value as Record<string, unknown>;
      return String(row[field] ?? '').startsWith(prefix);
    },
  }),
});
