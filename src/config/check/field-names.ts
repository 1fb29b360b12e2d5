import { closestName } from '../../values/closest-name.ts';
import { shownText } from '../../values/shown.ts';

const SHOWN_NAMES = 20;
const SHOWN_LENGTH = 60;

/** A name of a column or field: those of a header are other people's. */
export function shownName(name: string): string {
  return shownText(name, SHOWN_LENGTH);
}

/** `sym, Price and 12 more`; there may be thousands. */
export function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map(plainName).join(', ');
  return names.length > SHOWN_NAMES ? `${shown} and ${names.length - SHOWN_NAMES} more` : shown;
}

/** `did you mean "Price"?`, or nothing. */
export function nameMeant(name: string, among: readonly string[]): string | null {
  const meant = closestName(name, among);
  return meant === null ? null : `did you mean ${shownName(meant)}?`;
}

/** `"price" (did you mean "Price"?)` */
export function nameWithGuess(name: string, among: readonly string[]): string {
  const meant = nameMeant(name, among);
  return meant === null ? shownName(name) : `${shownName(name)} (${meant})`;
}

function plainName(name: string): string {
  return /^[\p{L}\p{N}_.$-]{1,60}$/u.test(name) ? name : shownName(name);
}
