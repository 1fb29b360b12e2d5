import { RestError } from './rest-error.ts';

/**
 * What `work` gives. What it gives later than the deadline is lost: who asked has been told by then.
 *
 * @throws RestError 500, as Kafka Connect answers, when it takes longer
 */
export async function withinDeadline<T>(
  work: () => Promise<T>,
  deadlineMs: number,
  waitingFor: () => string,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = waitingFor();
    const what = reason === '' ? '' : ` while waiting for ${reason}`;
    late.reject(new RestError(500, `Request timed out after ${deadlineMs} ms${what}`));
  }, deadlineMs);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
