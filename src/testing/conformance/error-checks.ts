import type { Rejection } from '../../plugin/index.ts';
import { expectThat } from './conformance-case.ts';

/** What the language throws for a mistake in the code. */
const FAULTS = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'URIError', 'EvalError'];
/** Shorter ones may stand in any text by chance. */
const TELLING_LENGTH = 4;

/** Whether an error is one that the plugin's author meant, and not a mistake in the plugin. */
export function isFault(errorName: string): boolean {
  return FAULTS.includes(errorName);
}

/** Of a row that is rejected: by an error of a name, whose masked message has no value of the row. */
export function expectNamedError(about: string, rejection: Rejection, values: readonly unknown[]): void {
  const { errorName, message, masked } = rejection;
  const isMeant = !isFault(errorName) && errorName.trim() !== '';
  expectThat(isMeant, () => `${about}: expected a RowError, got ${errorName}: ${message}`);
  expectThat(message.trim() !== '', () => `${about}: expected a message that says what is wrong, got none`);
  if (masked === undefined) return;
  const shown = values.map(String).find((value) => value.length >= TELLING_LENGTH && masked.includes(value));
  expectThat(
    shown === undefined,
    () => `${about}: expected a masked message without values of the row, got "${masked}"`,
  );
}
