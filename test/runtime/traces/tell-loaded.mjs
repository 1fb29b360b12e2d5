/* Writes to the file SPANS which modules of OpenTelemetry a thread loads. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  registerHooks({
    load(url, context, next) {
      if (url.includes('@opentelemetry')) appendFileSync(process.env.SPANS, `${url}\n`);
      return next(url, context);
    },
  });
  process.on('exit', () => appendFileSync(process.env.SPANS, 'thread ended\n'));
}
