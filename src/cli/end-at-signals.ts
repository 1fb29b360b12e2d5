/** The code that a process ends with which a signal ended. */
export const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignalName = keyof typeof SIGNAL_CODES;

export const STOP_SIGNALS = Object.keys(SIGNAL_CODES) as readonly StopSignalName[];

/**
 * Ends this process at a signal, as the system does with all but the first process of a container: what nobody there
 * listens to is dropped, and a stop is a SIGKILL some time later.
 */
export function endAtSignals(): void {
  if (process.pid === 1) for (const name of STOP_SIGNALS) process.on(name, end);
}

/** For somebody who listens instead. */
export function leaveSignals(): void {
  for (const name of STOP_SIGNALS) process.off(name, end);
}

function end(signal: NodeJS.Signals): void {
  process.exit(SIGNAL_CODES[signal as StopSignalName]);
}
