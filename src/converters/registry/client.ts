import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginContext } from '../../plugin/index.ts';
import type { RegistryAccess } from './access.ts';
import { createRegistryApi, type RegistryAnswer, type RegistryApi, type RegistryRequest } from './api.ts';
import { CONFLICT, isPassing, reasons, refused, schemaRefused, unavailable } from './errors.ts';

/** As registries call them. */
export type SchemaFormat = 'AVRO' | 'JSON';

export interface RegistrySchema {
  /** Known to all registries in a cluster; the bytes of every record begin with it. */
  readonly id: number;
  readonly format: SchemaFormat | string;
  readonly text: string;
  /** Schemas whose types it names, each after those that it needs itself. */
  readonly references: readonly string[];
}

/** How a schema names another one, in the registry's words. */
interface Reference {
  readonly subject: string;
  readonly version: number;
}

export interface RegistryClientOptions {
  /** Tried in turn. */
  readonly urls: readonly string[];
  readonly access: RegistryAccess;
  /** How long to wait for a registry that is away, in milliseconds. Default 30,000. */
  readonly waitMs?: number;
  /** For one request, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  readonly context: Pick<PluginContext, 'log' | 'signal'>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

/** Asks a schema registry that speaks Confluent's protocol, and waits for one that is away. */
export class RegistryClient {
  readonly #apis: readonly RegistryApi[];
  readonly #waitMs: number;
  readonly #context: Pick<PluginContext, 'log' | 'signal'>;

  constructor({ urls, access, waitMs = 30_000, timeoutMs = 10_000, context }: RegistryClientOptions) {
    this.#apis = urls.map((url) => createRegistryApi({ url, access, timeoutMs }));
    this.#waitMs = waitMs;
    this.#context = context;
  }

  /**
   * Registers a schema under a subject and gives its id, the one it has when the subject knows it already.
   *
   * @throws HeadraceError SCHEMA_REFUSED or REGISTRY_UNAVAILABLE
   */
  async register(subject: string, format: SchemaFormat, text: string): Promise<number> {
    const body = bodyOf(format, text);
    const answer = await this.#ask(subject, { name: 'register', params: { subject, body } });
    return fieldsOf(subject, answer, ['id']).id as number;
  }

  /**
   * The id of a schema that a subject has.
   *
   * @throws HeadraceError SCHEMA_REFUSED, also when it does not have it, or REGISTRY_UNAVAILABLE
   */
  async registered(subject: string, format: SchemaFormat, text: string): Promise<number> {
    const body = bodyOf(format, text);
    const answer = await this.#ask(subject, { name: 'registered', params: { subject, body } });
    return fieldsOf(subject, answer, ['id']).id as number;
  }

  /**
   * The latest schema of a subject.
   *
   * @throws HeadraceError SCHEMA_REFUSED, also when there is none, or REGISTRY_UNAVAILABLE
   */
  async latest(subject: string): Promise<RegistrySchema> {
    const answer = await this.#ask(subject, { name: 'latestVersion', params: { subject } });
    const { id, schema, schemaType = 'AVRO', references } = fieldsOf(subject, answer, ['id', 'schema']);
    const named = new Map<string, string>();
    await this.#addReferenced(referencesIn(references), named);
    const texts = [...named.values()];
    return { id: id as number, text: schema as string, format: schemaType as string, references: texts };
  }

  /** Adds the schemas, by subject and version, and before each those that it names. */
  async #addReferenced(references: readonly Reference[], named: Map<string, string>): Promise<void> {
    for (const { subject, version } of references) {
      const key = JSON.stringify([subject, version]);
      if (named.has(key)) continue;
      const answer = await this.#ask(subject, { name: 'version', params: { subject, version } });
      const fields = fieldsOf(subject, answer, ['schema']);
      await this.#addReferenced(referencesIn(fields.references), named);
      named.set(key, fields.schema as string);
    }
  }

  async #ask(subject: string, request: RegistryRequest): Promise<RegistryAnswer> {
    const { log, signal } = this.#context;
    const deadline = performance.now() + this.#waitMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const answers: RegistryAnswer[] = [];
      for (const api of this.#apis) {
        signal.throwIfAborted();
        const answer = await api(request, signal);
        if (isPassing(answer)) answers.push(answer);
        else if (answer.status === null || answer.status >= 300) {
          throw refused(subject, request.name, answer, await this.#why(api, request, answer));
        } else return answer;
      }
      signal.throwIfAborted();
      if (performance.now() + pauseMs > deadline) throw unavailable(answers, this.#waitMs);
      if (pauseMs === FIRST_PAUSE_MS)
        log.warn('waiting for the schema registry', { reason: reasons(answers) });
      // An aborted sleep rejects with an error of its own; the check at the next turn throws the signal's reason.
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Confluent's registry tells the reasons one by one when it is asked about the schema again. */
  async #why(
    api: RegistryApi,
    { params }: RegistryRequest,
    { status, message }: RegistryAnswer,
  ): Promise<string> {
    if (status !== CONFLICT) return '';
    const request = { name: 'compatible', params: { ...params, version: 'latest', verbose: true } } as const;
    const { body } = await api(request, this.#context.signal);
    const { messages } = (body ?? {}) as { messages?: unknown };
    const reasons = Array.isArray(messages) ? messages.map(String) : [];
    return reasons
      .filter((reason) => !message.includes(reason))
      .map((reason) => `; ${reason}`)
      .join('');
  }
}

/** Registries from before there were other formats know no schemaType. */
function bodyOf(format: SchemaFormat, text: string): Readonly<Record<string, string>> {
  return format === 'AVRO' ? { schema: text } : { schema: text, schemaType: format };
}

function referencesIn(references: unknown): readonly Reference[] {
  return Array.isArray(references) ? (references as Reference[]) : [];
}

/** A server that is no registry may answer anything with 200. */
function fieldsOf(
  subject: string,
  { body, url }: RegistryAnswer,
  names: readonly ('id' | 'schema')[],
): Readonly<Record<string, unknown>> {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const types = { id: 'number', schema: 'string' };
  if (names.every((name) => typeof fields[name] === types[name])) return fields;
  throw schemaRefused(
    `${url} answered for subject ${subject} without ${names.join(' and ')}, as no schema registry does; compare schema.registry.url with its address`,
  );
}
