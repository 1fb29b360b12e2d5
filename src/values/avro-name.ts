/** A JSON object of a schema; numbers in it that a double does not hold are raw JSON. */
export type AvroJson = Readonly<Record<string, unknown>>;

/** What a schema file says of a field whose column is called as Avro allows no name to be: that column's name. */
export const COLUMN_PROPERTY = 'headrace.column';

/** A name of Avro's as it is called within a namespace, where it is not full already. */
export function avroNameWithin(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/**
 * The full name of a type, and the namespace around what is in it: a name with dots is full, else its namespace comes
 * before it, else that of the type around it (https://avro.apache.org/docs/1.12.0/specification/#names).
 */
export function avroFullName(
  { name, namespace }: AvroJson,
  around: string,
): { readonly name: string; readonly namespace: string } {
  const own = String(name);
  const dot = own.lastIndexOf('.');
  if (dot >= 0) return { name: own, namespace: own.slice(0, dot) };
  const space = typeof namespace === 'string' ? namespace : around;
  return { name: avroNameWithin(own, space), namespace: space };
}

export function isAvroJson(value: unknown): value is AvroJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
