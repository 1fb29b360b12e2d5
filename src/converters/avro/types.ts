/** A type of Avro's. */
export type AvroType =
  | {
      readonly kind: 'null' | 'string' | 'int' | 'long' | 'float' | 'double' | 'boolean';
    }
  | { readonly kind: 'date' | 'duration' | 'bigDecimal' }
  | {
      readonly kind: 'decimal';
      readonly precision: number;
      readonly scale: number;
      /** Bytes of a fixed; null where as many are written as it takes. */
      readonly size: number | null;
    }
  | {
      readonly kind: 'timestamp';
      /** Digits behind the second. */
      readonly digits: 3 | 6 | 9;
      readonly local: boolean;
    }
  | { readonly kind: 'time'; readonly digits: 3 | 6 }
  | { readonly kind: 'uuid'; readonly isFixed: boolean }
  | { readonly kind: 'bytes'; readonly size: number | null }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'record'; readonly fields: readonly AvroField[] }
  /** Of these no cell is one, but a default may be. */
  | { readonly kind: 'array' | 'map'; readonly of: AvroUnion };

/** A type, or one branch of a union. */
export interface AvroBranch {
  /** As messages call it. */
  readonly name: string;
  readonly type: AvroType;
}

/** One type, or those of a union in their order. */
export interface AvroUnion {
  readonly branches: readonly AvroBranch[];
  readonly isUnion: boolean;
}

/** A field of a record in a registry's schema. */
export interface AvroField extends AvroUnion {
  readonly name: string;
  /** Its default as JSON; undefined when it has none. */
  readonly fallback: unknown;
}
