import { HeadraceError } from '../errors.ts';

/** Tells a person what went wrong. Only a fault of Headrace's own is worth a stack. */
export function reportError(error: unknown): void {
  if (error instanceof HeadraceError) console.error(error.message);
  else console.error(error);
}
