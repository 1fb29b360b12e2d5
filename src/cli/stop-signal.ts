import {
  endAtSignals,
  leaveSignals,
  SIGNAL_CODES,
  STOP_SIGNALS,
  type StopSignalName,
} from './end-at-signals.ts';

export interface StopSignal {
  /** Aborts with the first of these signals. */
  readonly signal: AbortSignal;
  /** The signal that came first. */
  readonly received: () => StopSignalName | null;
  readonly release: () => void;
}

/**
 * For commands that commit. One that only looks does not listen: it ends there and then, with the same codes.
 *
 * Listens to what tells a process to stop: SIGINT, SIGTERM, and SIGHUP, which a terminal that closes sends. A second one
 * ends the process there and then; not SIGHUP, which both the shell and the system may send.
 */
export function stopSignal(names: readonly StopSignalName[] = STOP_SIGNALS): StopSignal {
  const controller = new AbortController();
  let first: StopSignalName | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    const name = signal as StopSignalName;
    if (first !== null && name !== 'SIGHUP') process.exit(SIGNAL_CODES[name]);
    first ??= name;
    controller.abort();
  };
  for (const name of names) process.on(name, onSignal);
  leaveSignals();
  const release = () => {
    endAtSignals();
    for (const name of names) process.off(name, onSignal);
  };
  return { signal: controller.signal, received: () => first, release };
}

export function exitCodeOfSignal(name: StopSignalName): number {
  return SIGNAL_CODES[name];
}
