import type { AvroJson } from '../../../src/values/avro-name.ts';
import { avroFullName, avroNameWithin, isAvroJson } from '../../../src/values/avro-name.ts';
import { isAvroNamed, isAvroPrimitive } from '../../../src/values/avro-types.ts';

/** Stands for a type while what is in it is read. */
const OPEN = Symbol('open');

/**
 * Writes types so that they say all by themselves: each name full, each type that is only named defined in its place
 * (https://avro.apache.org/docs/1.12.0/specification/#names).
 */
export class AvroNames {
  readonly #types = new Map<string, AvroJson | typeof OPEN>();

  /** Throws an error that names what no type is. */
  expand(type: unknown, namespace: string): unknown {
    if (typeof type === 'string') return isAvroPrimitive(type) ? type : this.#referred(type, namespace);
    if (Array.isArray(type)) return type.map((branch) => this.expand(branch, namespace));
    if (!isAvroJson(type)) return type;
    if (isAvroNamed(type.type)) return this.#define(type, namespace);
    if (typeof type.type === 'string' && (isAvroPrimitive(type.type) || !this.#knows(type.type, namespace)))
      return type;
    return this.expand(type.type, namespace);
  }

  #define(type: AvroJson, around: string): AvroJson {
    if (typeof type.name !== 'string') return type;
    const { name, namespace } = avroFullName(type, around);
    const { namespace: _namespace, ...rest } = type;
    this.#types.set(name, OPEN);
    const { fields } = type;
    const defined = {
      ...rest,
      name,
      ...(Array.isArray(fields) && { fields: fields.map((field) => this.#field(field, namespace)) }),
    };
    this.#types.set(name, defined);
    return defined;
  }

  #field(field: unknown, namespace: string): unknown {
    return isAvroJson(field) ? { ...field, type: this.expand(field.type, namespace) } : field;
  }

  #knows(name: string, namespace: string): boolean {
    return this.#types.has(avroNameWithin(name, namespace)) || this.#types.has(name);
  }

  #referred(name: string, namespace: string): unknown {
    const type = this.#types.get(avroNameWithin(name, namespace)) ?? this.#types.get(name);
    if (type === OPEN)
      throw new Error(`cannot fill type ${JSON.stringify(name)} from cells, as it is within itself`);
    if (type === undefined)
      throw new Error(`cannot fill type ${JSON.stringify(name)}, which is not defined before`);
    return type;
  }
}
