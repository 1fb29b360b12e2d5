/** The code that a process ends with which a signal ended. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignalName = keyof typeof EXIT_CODES;

export interface StopSignal {
  /** Aborts with the first of these signals. */
  readonly signal: AbortSignal;
  /** The signal that came first. */
  readonly received: () => StopSignalName | null;
  readonly release: () => void;
}

/**
 * For commands that commit. One that only looks does not listen: the system ends it, and a shell tells the same codes.
 *
 * Listens to what tells a process to stop: SIGINT, SIGTERM, and SIGHUP, which a terminal that closes sends. A second one
 * ends the process there and then; not SIGHUP, which both the shell and the system may send.
 */
export function stopSignal(): StopSignal {
  const controller = new AbortController();
  let first: StopSignalName | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    const name = signal as StopSignalName;
    if (first !== null && name !== 'SIGHUP') process.exit(EXIT_CODES[name]);
    first ??= name;
    controller.abort();
  };
  const names = Object.keys(EXIT_CODES) as StopSignalName[];
  for (const name of names) process.on(name, onSignal);
  const release = () => {
    for (const name of names) process.off(name, onSignal);
  };
  return { signal: controller.signal, received: () => first, release };
}

export function exitCodeOfSignal(name: StopSignalName): number {
  return EXIT_CODES[name];
}
