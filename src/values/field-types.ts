import type { FieldType } from '../plugin/schema.ts';

const EACH: Readonly<Record<FieldType, true>> = {
  string: true,
  int: true,
  long: true,
  float: true,
  double: true,
  boolean: true,
  decimal: true,
  timestamp: true,
  date: true,
  enum: true,
  time: true,
  uuid: true,
  duration: true,
  bytes: true,
};

/** All types that a field may have, in the order in which messages list them. */
export const FIELD_TYPES = Object.keys(EACH) as readonly FieldType[];
