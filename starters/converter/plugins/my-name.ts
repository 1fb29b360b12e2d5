import { defineConverter, RowError } from 'headrace/plugin';

export default defineConverter({
  name: 'my-name',
  // Of headrace/plugin, which it is written for.
  contract: '[1.0,2.0)',
  doc: 'Writes the values of a record as a line of text, with a separator between them.',
  // What a feed may set. The type of `separator` below comes from here.
  config: { separator: { doc: 'What stands between values.', format: 'string', default: '|' } },
  // Called once for each task and side: `side` of the second parameter is key or value.
  create: ({ separator }) => ({
    // Called for each key, or value. Give bytes, or the text whose UTF-8 they are.
    serialize(_topic, _schema, value) {
      // No key, or a tombstone.
      if (value === null || value === undefined) return null;
      if (typeof value !== 'object') return String(value);
      const texts = Object.values(value).map((one) => String(one ?? ''));
      const wrong = texts.find((text) => text.includes(separator));
      // What is thrown sends this row, and no other, to the dead-letter queue.
      if (wrong !== undefined)
        throw new RowError('SeparatorInside', `expected no ${separator} in "${wrong}"`);
      return texts.join(separator);
    },
  }),
});
