import { defineConverter, RowError } from '../plugin/index.ts';

export default defineConverter({
  name: 'bytes',
  doc: 'Bytes as they are: for transformations that make keys or values themselves.',
  config: {},
  create: () => ({
    serialize(_topic, _schema, value) {
      if (value === null || value === undefined) return null;
      if (value instanceof Uint8Array) return value;
      throw new RowError(
        'NotBytes',
        `expected a Buffer or Uint8Array, got ${typeof value}; use the string or json converter`,
      );
    },
  }),
});
