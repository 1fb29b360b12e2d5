import { defineTransformation, RowError } from 'headrace/plugin';

export default defineTransformation({
  name: 'my-name',
  // Of headrace/plugin, which it is written for.
  contract: '[1.0,2.0)',
  doc: 'Masks a field: all of it but its last characters.',
  // What a feed may set. The types of `field` and `keep` below come from here.
  config: {
    field: { doc: 'The field to mask.', format: 'string', default: 'account' },
    keep: { doc: 'How many characters at its end stay as they are.', format: 'nat', default: 4 },
  },
  // Called once for each task of the feed: what is the same for all rows is made here.
  create: ({ field, keep }) => ({
    // Called for each row, in order. Give the record, another one, a list of records, or null to leave the row out.
    apply(record) {
      const row = record.value as Record<string, unknown>;
      // What is thrown sends this row, and no other, to the dead-letter queue.
      if (row[field] === undefined) throw new RowError('FieldMissing', `expected a field ${field}`);
      // Every value is text, unless a `schema` goes before, which makes numbers of some.
      const text = String(row[field]);
      const hidden = Math.max(0, text.length - keep);
      record.value = { ...row, [field]: '*'.repeat(hidden) + text.slice(hidden) };
      return record;
    },
  }),
});
