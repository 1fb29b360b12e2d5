import { type RecordSchema, RowError } from '../plugin/index.ts';
import type { CellConverter } from '../rows/index.ts';
import type { NamedConverter } from '../sink/named-converter.ts';

const NOTHING = new Uint8Array();

/** A converter that is not prepared: that would register schemas, and a look must not. */
export class UnpreparedConverter implements CellConverter {
  readonly #converter: CellConverter;
  #isKnown = true;

  constructor(converter: CellConverter) {
    this.#converter = converter;
  }

  /** Whether the bytes that were given last are those that would be sent. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Where the bytes are not known there are none. */
  serialize(
    topic: string,
    schema: RecordSchema | null,
    data: unknown,
  ): ReturnType<CellConverter['serialize']> {
    this.#isKnown = true;
    try {
      return this.#converter.serialize(topic, schema, data);
    } catch (error) {
      // Without being prepared a converter can only find fault with the row.
      if (this.#converter.prepare === undefined || error instanceof RowError) throw error;
      this.#isKnown = false;
      return NOTHING;
    }
  }
}

/** The same, of a feed. */
export interface UnpreparedNamed extends NamedConverter {
  readonly converter: UnpreparedConverter;
}

export function unprepared(named: NamedConverter): UnpreparedNamed {
  return { ...named, converter: new UnpreparedConverter(named.converter) };
}
