import type { Attributes, Context, Link, Span } from '@opentelemetry/api';
import type { SourceFile } from '../../plugin/index.ts';
import type { CommittedEvent, FileStateEvent, RuntimeEvent } from '../events/events.ts';

type Api = typeof import('@opentelemetry/api');

/** Where the packages of OpenTelemetry find one another; who traces has put a provider there. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');
/** Of an exporter that does not answer. */
const FLUSH_MS = 2_000;
const NAME = 'headrace';

/**
 * The traces of the task in this thread, as an SDK of OpenTelemetry's that somebody has registered in it takes them; null, and
 * nothing is loaded, where there is none.
 *
 * @param onFailure told once that the SDK has failed, after which nothing more is asked of it
 */
export async function openTraces(
  version: string,
  onFailure: (error: unknown) => void,
): Promise<TaskTraces | null> {
  const registered = (globalThis as Record<symbol, { readonly trace?: unknown } | undefined>)[REGISTERED];
  if (registered?.trace === undefined) return null;
  return new TaskTraces(await import('@opentelemetry/api'), version, onFailure);
}

/** Makes a span of each file that a task reads, and of each transaction that it commits, from what it tells. */
export class TaskTraces {
  readonly #api: Api;
  readonly #version: string;
  readonly #onFailure: (error: unknown) => void;
  #hasFailed = false;
  /** Those that are being read or were just delivered, by the path that is told of. */
  readonly #files = new Map<string, Span>();

  constructor(api: Api, version: string, onFailure: (error: unknown) => void) {
    this.#api = api;
    this.#version = version;
    this.#onFailure = onFailure;
  }

  apply(event: RuntimeEvent): void {
    if (event.type !== 'file.state' && event.type !== 'transaction.committed') return;
    this.#guarded(() => {
      if (event.type === 'file.state') this.#onFileState(event);
      else this.#onCommitted(event);
    });
  }

  /** The header by which others go on with the trace of a row's file (https://www.w3.org/TR/trace-context/). */
  traceparentOf({ path, archive }: SourceFile): string | null {
    const context = this.#files.get(archive?.path ?? path)?.spanContext();
    if (context === undefined || !this.#api.isSpanContextValid(context)) return null;
    const flags = context.traceFlags.toString(16).padStart(2, '0');
    return `00-${context.traceId}-${context.spanId}-${flags}`;
  }

  /** The task has ended; files that it was reading are told to be unfinished. */
  async close(error: string | null): Promise<void> {
    this.#guarded(() => {
      for (const path of [...this.#files.keys()]) this.#end(path, { 'headrace.unfinished': true }, error);
    });
    const { trace, ProxyTracerProvider } = this.#api;
    const provider = trace.getTracerProvider();
    const sdk = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
    const flush = async () => (sdk as { forceFlush?: () => Promise<void> }).forceFlush?.();
    const wait = new Promise<void>((resolve) => void setTimeout(resolve, FLUSH_MS).unref());
    await Promise.race([flush().catch(() => {}), wait]);
  }

  #guarded(act: () => void): void {
    if (this.#hasFailed) return;
    try {
      act();
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(error);
    }
  }

  get #tracer() {
    return this.#api.trace.getTracer(NAME, this.#version);
  }

  #onFileState({ connector, task, file, state, detail }: FileStateEvent): void {
    if (state === 'READING') {
      this.#end(file, { 'headrace.unfinished': true }, null);
      const attributes = {
        ...{ 'headrace.connector': connector, 'headrace.task': task, 'headrace.file': file },
        ...attributesOf(detail, ['generation', 'found', 'size', 'row']),
      };
      this.#files.set(file, this.#tracer.startSpan('headrace.file', { root: true, attributes }));
      return;
    }
    const { error, code = 'FAILED' } = detail;
    const counts = attributesOf(detail, ['rows', 'produced', 'filtered', 'rejected']);
    // What is wrong with a row may show its values, and its code does not.
    const failure = state === 'FAILED' && error !== undefined ? String(code) : null;
    this.#end(file, { ...counts, 'headrace.state': state }, failure);
  }

  #onCommitted(event: CommittedEvent): void {
    const { connector, task, transaction, rows, topics, files, fileBytes, sentBytes, durationMs } = event;
    const spans = files.flatMap(({ path }) => this.#files.get(path) ?? []);
    const [first, ...others] = spans;
    const links: Link[] = others.map((span) => ({ context: span.spanContext() }));
    const now = Date.now();
    const attributes = {
      ...{ 'headrace.connector': connector, 'headrace.task': task },
      ...attributesOf({ transaction, fileBytes, sentBytes }, ['transaction', 'fileBytes', 'sentBytes']),
      ...attributesOf({ rows: rows.read, ...rows }, ['rows', 'produced', 'filtered', 'rejected']),
      'messaging.system': 'kafka',
      'headrace.topics': Object.keys(topics),
    };
    const { SpanKind } = this.#api;
    const options = { startTime: now - durationMs, kind: SpanKind.PRODUCER, links, attributes };
    this.#tracer.startSpan('headrace.transaction', options, this.#contextOf(first)).end(now);
  }

  #contextOf(span: Span | undefined): Context {
    const { ROOT_CONTEXT, trace } = this.#api;
    return span === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span);
  }

  #end(path: string, attributes: Attributes, error: string | null): void {
    const span = this.#files.get(path);
    if (span === undefined) return;
    this.#files.delete(path);
    span.setAttributes(attributes);
    if (error !== null) span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: error });
    span.end();
  }
}

function attributesOf(facts: Readonly<Record<string, unknown>>, names: readonly string[]): Attributes {
  const known = names.filter((name) => ['string', 'number'].includes(typeof facts[name]));
  return Object.fromEntries(known.map((name) => [`headrace.${name}`, facts[name] as string | number]));
}
