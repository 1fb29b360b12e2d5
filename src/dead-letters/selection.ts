import type { DeadLetter } from './dead-letter.ts';

/** Which dead letters are meant; what is not set leaves all. */
export interface Selection {
  /** A part of the message, or the kind of error. */
  readonly reason?: string | undefined;
  /** The file that the rows are of, by its whole path or its name. */
  readonly sourceFile?: string | undefined;
  /** The names under which the rows were rejected. */
  readonly connectors?: readonly string[] | undefined;
}

export function isSelected(letter: DeadLetter, { reason, sourceFile, connectors }: Selection): boolean {
  if (connectors !== undefined && letter.connector !== null && !connectors.includes(letter.connector))
    return false;
  if (sourceFile !== undefined && letter.file !== sourceFile && !letter.file.endsWith(`/${sourceFile}`))
    return false;
  return reason === undefined || hasReason(letter, reason.toLowerCase());
}

function hasReason({ message, error, stage }: DeadLetter, reason: string): boolean {
  if (message.toLowerCase().includes(reason)) return true;
  return error?.toLowerCase() === reason || stage.toLowerCase() === reason;
}
