import { setTimeout as wait } from 'node:timers/promises';
import {
  defineTransformation,
  type FieldSchema,
  HeadraceError,
  messageOf,
  type RecordSchema,
  RowError,
} from 'headrace/plugin';

const FIRST_WAIT_MS = 100;
/** Nothing, and what a URL takes for a way up. */
const NO_KEYS = new Set(['', '.', '..']);

export default defineTransformation({
  name: 'http-lookup',
  doc: 'Adds fields of the JSON object that a web service has for a key: `GET <url>/<key>`.',
  config: {
    url: { doc: 'The address; the key follows it, after a slash.', format: 'url', required: true },
    key: { doc: 'The field whose value is looked up.', format: 'string', required: true },
    fields: { doc: 'The properties of the object that become fields.', format: 'list', required: true },
    onMissing: { doc: 'What 404 means for the row.', format: ['null', 'reject'], default: 'null' },
    timeoutMs: { doc: 'Milliseconds an answer may take.', format: 'nat', default: 2_000 },
    tries: { doc: 'How often to ask before the task is ended, to start again.', format: 'nat', default: 3 },
    cacheSize: { doc: 'How many answers to keep.', format: 'nat', default: 10_000 },
    cacheTtlMs: { doc: 'Milliseconds for which an answer holds.', format: 'nat', default: 60_000 },
  },
  // As many rows wait for an answer at once; they stay in order.
  parallel: 8,
  create({ url, key, fields, onMissing, timeoutMs, tries, cacheSize, cacheTtlMs }) {
    const ended = new AbortController();
    const service = new Service(url, { timeoutMs, tries, signal: ended.signal });
    const cache = new Cache(cacheSize, cacheTtlMs, (text) => service.get(text));
    const widened = new WeakMap<RecordSchema, RecordSchema>();
    return {
      async apply(record) {
        if (record.value === null) return record;
        const row = record.value as Readonly<Record<string, unknown>>;
        const text = String(row[key] ?? '');
        const answer = NO_KEYS.has(text) ? null : await cache.get(text);
        if (answer === null && onMissing === 'reject')
          throw new RowError('LookupMissed', `${key}: ${url} has nothing for ${JSON.stringify(text)}`);
        const added = fields.map((name) => [name, textOf(answer?.[name])]);
        record.value = { ...row, ...Object.fromEntries(added) };
        record.valueSchema &&= schemaWith(record.valueSchema, fields, widened);
        return record;
      },
      close: () => ended.abort(),
    };
  },
});

type Answer = Readonly<Record<string, unknown>>;

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The same schema object for the same schema: converters compile what they write for it. */
function schemaWith(
  schema: RecordSchema,
  names: readonly string[],
  known: WeakMap<RecordSchema, RecordSchema>,
): RecordSchema {
  const made = known.get(schema);
  if (made !== undefined) return made;
  const added = names.map((name): FieldSchema => ({ name, type: 'string', optional: true }));
  const others = schema.fields.filter(({ name }) => !names.includes(name));
  const widened = { ...schema, fields: [...others, ...added] };
  known.set(schema, widened);
  return widened;
}

interface ServiceOptions {
  readonly timeoutMs: number;
  readonly tries: number;
  readonly signal: AbortSignal;
}

class Service {
  readonly #url: string;
  readonly #options: ServiceOptions;

  constructor(url: string, options: ServiceOptions) {
    this.#url = url.replace(/\/$/, '');
    this.#options = options;
  }

  /**
   * The object of a key, or null when there is none.
   * @throws HeadraceError, retriable: the service is away, which is no fault of the row
   */
  async get(key: string): Promise<Answer | null> {
    const { tries, signal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        if (attempt > 1) await wait(FIRST_WAIT_MS * 2 ** (attempt - 2), undefined, { signal });
        return await this.#ask(`${this.#url}/${encodeURIComponent(key)}`);
      } catch (cause) {
        if (cause instanceof RowError) throw cause;
        if (attempt >= tries || signal.aborted) {
          const problem = `${this.#url} did not answer in ${attempt} tries: ${messageOf(cause)}`;
          throw new HeadraceError('PLUGIN_FAILED', problem, { cause, retriable: true });
        }
      }
    }
  }

  async #ask(url: string): Promise<Answer | null> {
    const { timeoutMs, signal } = this.#options;
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (response.ok) return (await response.json()) as Answer;
    // Unread, it would keep its connection.
    await response.body?.cancel();
    if (response.status === 404) return null;
    const said = `${response.status} ${response.statusText}`;
    if (response.status === 400) throw new RowError('LookupRefused', `GET ${url}: ${said}`);
    throw new Error(said);
  }
}

/** Remembers the latest answers for a while. Rows that ask for the same key at the same time share one request. */
class Cache {
  readonly #size: number;
  readonly #ttlMs: number;
  readonly #fetch: (key: string) => Promise<Answer | null>;
  /** In the order in which they were last asked for. */
  readonly #entries = new Map<string, { readonly answer: Promise<Answer | null>; readonly until: number }>();

  constructor(size: number, ttlMs: number, fetch: (key: string) => Promise<Answer | null>) {
    this.#size = size;
    this.#ttlMs = ttlMs;
    this.#fetch = fetch;
  }

  get(key: string): Promise<Answer | null> {
    const known = this.#entries.get(key);
    this.#entries.delete(key);
    const entry = known !== undefined && Date.now() < known.until ? known : this.#ask(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#size) this.#entries.delete(this.#entries.keys().next().value as string);
    return entry.answer;
  }

  #ask(key: string) {
    const entry = { answer: this.#fetch(key), until: Date.now() + this.#ttlMs };
    entry.answer.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry;
  }
}
