import {
  type Converter,
  HeadraceError,
  type PluginContext,
  type RecordSchema,
  RowError,
} from '../../plugin/index.ts';
import type { CellConverter, CellPlan, CellWriter } from '../../rows/index.ts';
import { addedNames, hasAdded, withAdded, withoutAdded } from '../../values/added-fields.ts';
import { rowError } from '../../values/shown.ts';
import { registryAccess } from './access.ts';
import { RegistryClient, type RegistrySchema, type SchemaFormat } from './client.ts';
import { schemaRefused } from './errors.ts';
import type { RegistryOptions } from './options.ts';
import { subjectOf } from './subject.ts';

/** What a format makes of records and keys, once their schema has an id. */
export interface RegistryFormat {
  /** The converter's name. */
  readonly name: string;
  readonly format: SchemaFormat;
  /** The schema of keys, which are text. */
  readonly keySchema: string;
  /** @throws HeadraceError CONFIG_INVALID for a schema that the format cannot hold */
  schemaOf(record: RecordSchema): string;
  /** The fields of a registered schema that are as those of added columns: strings that may be null, and nothing besides. */
  optionalStrings(schema: string): readonly string[];
  /** Whether keys can be written by a registry's schema. */
  takesKeys(schema: string): boolean;
  /**
   * Compiles the writers of records by a registry's schema, each value beginning with `header`; a list of what does not
   * fit when they cannot be written by it.
   */
  compile(
    record: RecordSchema,
    schema: Pick<RegistrySchema, 'text' | 'references'>,
    header: Buffer,
  ): RegistryWriter | readonly string[];
  /** The bytes of a key behind the header. */
  keyBytes(text: string): Uint8Array;
}

export interface RegistryWriter {
  /** Throws a RowError when the value does not fit the schema. */
  serialize(value: unknown): Uint8Array;
  compileCells(plan: CellPlan): CellWriter | null;
}

export type ConverterContext = PluginContext & { readonly side: 'key' | 'value' };

/** Makes the converter of one side. */
export function createRegistryConverter(
  format: RegistryFormat,
  options: RegistryOptions,
  context: ConverterContext,
): Converter {
  const urls = options.schemaRegistryUrl;
  const access = registryAccess(options, context.side, (reason) => {
    context.log.warn('a file of TLS cannot be used, so what it held before is', { reason });
  });
  const client = new RegistryClient({ urls, access, context });
  const registered = new RegisteredSchemas(format.format, options, client);
  return context.side === 'key'
    ? new KeyConverter(format, options, registered)
    : new ValueConverter(format, options, registered);
}

/** How often columns are added to a subject to which others add as well. */
const MOST_TRIES = 10;

/** Schemas in the registry, each asked for once. */
class RegisteredSchemas {
  readonly #format: SchemaFormat;
  readonly #register: boolean;
  readonly #latest: boolean;
  readonly #client: RegistryClient;
  readonly #known = new Map<string, RegistrySchema>();

  constructor(format: SchemaFormat, options: RegistryOptions, client: RegistryClient) {
    this.#format = format;
    this.#register = options.autoRegisterSchemas;
    this.#latest = !options.autoRegisterSchemas && options.useLatestVersion;
    this.#client = client;
  }

  /** The schema that records with a schema of their own are to be written by. */
  async schemaFor(subject: string, text: () => string): Promise<RegistrySchema> {
    const own = this.#latest ? '' : text();
    const key = JSON.stringify([subject, own]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const schema = this.#latest ? await this.#latestOf(subject) : await this.#own(subject, own);
    this.#known.set(key, schema);
    return schema;
  }

  /**
   * The schema of records with columns that their feed does not name: it has those of the subject's latest, too, so that what
   * one file has and the next has not stays. The feed's own is registered before, as a file without them may come.
   */
  async schemaWithAdded(
    subject: string,
    schema: RecordSchema,
    { schemaOf, optionalStrings }: RegistryFormat,
  ): Promise<RegistrySchema> {
    if (!this.#register) return this.schemaFor(subject, () => schemaOf(schema));
    await this.schemaFor(subject, () => schemaOf(withoutAdded(schema)));
    const added = addedNames(schema);
    let before: number | null = null;
    for (let tries = 1; ; tries++) {
      const { id, text, format } = await this.#client.latest(subject);
      const others = format === this.#format ? optionalStrings(text) : [];
      try {
        const registered = await this.schemaFor(subject, () => schemaOf(withAdded(schema, others)));
        // Registries check one schema against another, and let two of the same moment pass.
        if (added.every((name) => others.includes(name)) || tries === MOST_TRIES) return registered;
      } catch (error) {
        // Another task may have added columns of its own meanwhile.
        if (!(error instanceof HeadraceError) || error.retriable) throw error;
        if (id === before || tries === MOST_TRIES) throw error;
      }
      before = id;
    }
  }

  async #own(subject: string, text: string): Promise<RegistrySchema> {
    const id = this.#register
      ? await this.#client.register(subject, this.#format, text)
      : await this.#client.registered(subject, this.#format, text);
    return { id, format: this.#format, text, references: [] };
  }

  async #latestOf(subject: string): Promise<RegistrySchema> {
    const schema = await this.#client.latest(subject);
    if (schema.format === this.#format) return schema;
    throw schemaRefused(
      `subject ${subject}: expected a schema of type ${this.#format}, found ${schema.format}; choose the converter of that type, or another subject`,
    );
  }
}

class ValueConverter implements CellConverter {
  readonly #format: RegistryFormat;
  readonly #options: RegistryOptions;
  readonly #registered: RegisteredSchemas;
  /** By topic and schema: schemas are compared by identity, which is how records carry them. */
  readonly #writers = new Map<string, WeakMap<RecordSchema, RegistryWriter>>();
  #last: { topic: string; schema: RecordSchema; writer: RegistryWriter } | null = null;

  constructor(format: RegistryFormat, options: RegistryOptions, registered: RegisteredSchemas) {
    this.#format = format;
    this.#options = options;
    this.#registered = registered;
  }

  async prepare(topic: string, schema: RecordSchema | null): Promise<void> {
    // Without a schema there may be a tombstone all the same.
    if (schema === null || this.#writers.get(topic)?.has(schema)) return;
    const subject = subjectOf(this.#options.subject, 'value', topic, schema.name);
    const registered = hasAdded(schema)
      ? await this.#registered.schemaWithAdded(subject, schema, this.#format)
      : await this.#registered.schemaFor(subject, () => this.#format.schemaOf(schema));
    const writer = this.#format.compile(schema, registered, wireHeader(registered.id));
    if (!('serialize' in writer)) {
      throw schemaRefused(
        `the records of schema ${schema.name} do not fit subject ${subject}, schema ${registered.id}: ${writer.join('; ')}. Change the transformation of type schema, or set auto.register.schemas: true`,
      );
    }
    const writers = this.#writers.get(topic) ?? new WeakMap<RecordSchema, RegistryWriter>();
    this.#writers.set(topic, writers.set(schema, writer));
  }

  serialize(topic: string, schema: RecordSchema | null, value: unknown): Uint8Array | null {
    if (value === null || value === undefined) return null;
    if (schema === null) {
      const message = `${this.#format.name} needs a schema: add a transformation of type schema`;
      throw new RowError('NoSchema', message);
    }
    return this.#writerOf(topic, schema).serialize(value);
  }

  compileCells(plan: CellPlan): CellWriter | null {
    const { topic, valueSchema } = plan;
    if (topic === null || valueSchema === null) return null;
    return this.#writerOf(topic, valueSchema).compileCells(plan);
  }

  #writerOf(topic: string, schema: RecordSchema): RegistryWriter {
    if (this.#last?.schema === schema && this.#last.topic === topic) return this.#last.writer;
    const writer = this.#writers.get(topic)?.get(schema);
    if (writer === undefined) throw new Error(`schema ${schema.name} was not prepared for topic ${topic}`);
    this.#last = { topic, schema, writer };
    return writer;
  }
}

class KeyConverter implements Converter {
  readonly #format: RegistryFormat;
  readonly #options: RegistryOptions;
  readonly #registered: RegisteredSchemas;
  readonly #headers = new Map<string, Buffer>();

  constructor(format: RegistryFormat, options: RegistryOptions, registered: RegisteredSchemas) {
    this.#format = format;
    this.#options = options;
    this.#registered = registered;
  }

  async prepare(topic: string): Promise<void> {
    if (this.#headers.has(topic)) return;
    const { keySchema, takesKeys } = this.#format;
    const subject = subjectOf(this.#options.subject, 'key', topic, null);
    const { id, text } = await this.#registered.schemaFor(subject, () => keySchema);
    if (!takesKeys(text)) {
      throw schemaRefused(
        `subject ${subject}, schema ${id}: expected the schema ${keySchema}, as keys are text; choose another subject, or the string converter for keys`,
      );
    }
    this.#headers.set(topic, wireHeader(id));
  }

  serialize(topic: string, _schema: RecordSchema | null, value: unknown): Uint8Array | null {
    if (value === null || value === undefined) return null;
    const header = this.#headers.get(topic);
    if (header === undefined) throw new Error(`no schema was prepared for the keys of topic ${topic}`);
    return Buffer.concat([header, this.#format.keyBytes(keyText(value))]);
  }
}

function keyText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw rowError(
    'NotAString',
    (show) =>
      `expected text, a number or a boolean as key, got ${show(value)}; use the json converter for keys`,
  );
}

/** What stands before every value: 0, then the schema's id (https://docs.confluent.io, "Wire format"). */
function wireHeader(id: number): Buffer {
  const header = Buffer.alloc(5);
  header.writeInt32BE(id, 1);
  return header;
}
