/**
 * What is under way when a stop comes has so many milliseconds left, as a broker that does not answer would hold it up
 * for as long as a request may take. It is not ended by that, only no longer waited for.
 *
 * @throws the signal's reason when these have passed
 */
export async function withinGrace<T>(
  attempt: Promise<T>,
  signal: AbortSignal,
  gracefulMs: number,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onStop = () => {
    timer = setTimeout(() => reject(signal.reason), gracefulMs);
  };
  if (signal.aborted) onStop();
  else signal.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([attempt, promise]);
  } finally {
    signal.removeEventListener('abort', onStop);
    clearTimeout(timer);
  }
}
