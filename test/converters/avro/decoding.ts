import avro from 'avsc';

/** Longs of any size as bigints; avsc's own stop at 2^53. */
const longs = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => Number(a - b),
});

/** The fields of Avro bytes as avsc reads them, logical types as what stands below them. */
export function decoded(schema: string, body: Uint8Array): Record<string, unknown> {
  const isLong = (type: unknown) => type === 'long' || (type as { type?: unknown }).type === 'long';
  const typeHook = (type: unknown) => (isLong(type) ? longs : undefined);
  const type = avro.Type.forSchema(JSON.parse(schema), { typeHook, wrapUnions: 'never' });
  return { ...type.fromBuffer(Buffer.from(body)) };
}
