import { type ErrorCode, HeadraceError } from '../errors.ts';

/** What a command's exit code says. */
export const EXIT = {
  /** All done. */
  ok: 0,
  /** Usage or configuration; nothing was read. */
  usage: 2,
  /** Stopped by Kafka, a registry or storage; the same command goes on. */
  outage: 4,
} as const;

const USAGE_CODES: readonly ErrorCode[] = ['CONFIG_INVALID', 'PLUGIN_INVALID', 'TOPIC_INVALID'];

export function exitCodeOf(error: unknown): number {
  const isUsage = error instanceof HeadraceError && USAGE_CODES.includes(error.code);
  return isUsage ? EXIT.usage : EXIT.outage;
}
