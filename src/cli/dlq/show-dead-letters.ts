import { isUtf8 } from 'node:buffer';
import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { deadLetterCsv } from '../../dead-letters/dead-letter-csv.ts';
import { counted } from '../../terminal/figures.ts';
import { printable } from '../../terminal/text.ts';
import { print, printJson } from '../print.ts';
import { tellLeftOut } from './list-dead-letters.ts';
import type { OpenQueue } from './open-queue.ts';

const SCREENFUL = 20;

export interface ShowOptions {
  readonly limit?: number;
  readonly csv?: true;
  readonly json?: true;
  readonly escapeFormulas?: true;
}

/** Prints dead letters that wait: for people, or in full for machines and for mending. */
export function showDeadLetters(queue: OpenQueue, { limit, csv, json, escapeFormulas }: ShowOptions): void {
  const open = queue.letters.filter((letter) => !queue.isReplayed(letter));
  const isCsv = csv === true || escapeFormulas === true;
  const shown = open.slice(0, limit ?? (isCsv || json ? open.length : SCREENFUL));
  if (isCsv) print(deadLetterCsv(shown, escapeFormulas));
  else if (json) printJson({ rows: shown.map(plain) });
  else print(shown.map(paragraph).join('\n'));
  const more = open.length - shown.length;
  if (more > 0) console.error(`${counted(more, 'row')} more; --limit ${open.length} shows all`);
  if (open.length === 0) console.error('no rows to mend');
  const cut = shown.filter(({ truncatedFrom }) => truncatedFrom !== null).length;
  if (cut > 0)
    console.error(
      `cut off, since the topic takes no record as large: ${counted(cut, 'row')}; their file has them whole`,
    );
  tellLeftOut(queue);
}

function paragraph({ file, row, line, stage, error, message, raw }: DeadLetter): string {
  const kind = [stage, error].filter(Boolean).join(' ');
  const place = `${printable(file)} row ${row} (line ${line})`;
  return `${place}  ${kind}\n  ${printable(message)}\n  ${printable(raw.toString())}\n`;
}

/** As text where it is text; JSON has no bytes. */
function plain({ raw, id: _, ...letter }: DeadLetter) {
  return {
    ...letter,
    ...(isUtf8(raw) ? { record: raw.toString() } : { recordBase64: raw.toString('base64') }),
  };
}
