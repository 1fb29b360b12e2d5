/** A signal that aborts with the first SIGINT or SIGTERM; the second one ends the process there and then. */
export function stopSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const release = () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  return { signal: controller.signal, release };
}
