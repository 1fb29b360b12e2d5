const SHOWN_LENGTH = 100;

/** Text as a message may show it: quoted, control characters escaped, and not too long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}
