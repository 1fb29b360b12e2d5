/*
 * What a user registers: an SDK of OpenTelemetry in each thread, here with an exporter that writes lines to the file SPANS.
 */
import { appendFileSync } from 'node:fs';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const idOf = (span) => span?.spanId ?? null;

/** @param span as SDKs give it to exporters */
function lineOf(span) {
  const { traceId, spanId } = span.spanContext();
  const [seconds, nanos] = span.duration;
  return JSON.stringify({
    ...{ name: span.name, traceId, spanId, parent: idOf(span.parentSpanContext) },
    ...{ links: span.links.map(({ context }) => context.spanId), attributes: span.attributes },
    ...{ status: span.status, durationMs: seconds * 1000 + nanos / 1e6 },
  });
}

const exporter = {
  export(spans, done) {
    appendFileSync(process.env.SPANS, spans.map((span) => `${lineOf(span)}\n`).join(''));
    done({ code: 0 });
  },
  shutdown: async () => {},
};
const failing = {
  onStart() {
    throw new Error('no spans today');
  },
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
};
// It waits a minute for more: what a thread has made when it ends is there only if somebody has it flushed.
const batches = new BatchSpanProcessor(exporter, { scheduledDelayMillis: 60_000 });
const spanProcessors = [process.env.SDK_FAILS ? failing : batches];
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
