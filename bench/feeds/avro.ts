import type { BenchFeed } from './feed.ts';
import { reference } from './reference.ts';

export const avro: BenchFeed = {
  name: 'avro',
  doc: 'the reference as Avro with a schema registry, held against the same as JSON',
  table: reference.table,
  share: 1,
  against: reference,
  needsRegistry: true,
  settings: { 'value.converter': 'avro', 'value.converter.schema.registry.url': '{registry}' },
};
