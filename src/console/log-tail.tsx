import { useState } from 'preact/hooks';
import type { LogLine } from '../rest/console/messages.ts';
import { fieldsText } from '../rest/console/shown.ts';
import { timeText } from './figures.ts';

/** The last lines of the log, newest first. */
export function LogTail({ lines }: { readonly lines: readonly LogLine[] }) {
  const [words, setWords] = useState('');
  const newest = lines.filter((line) => textOf(line).includes(words.toLowerCase())).reverse();
  return (
    <section>
      <label class="filter">
        Lines with
        <input type="search" value={words} onInput={({ currentTarget }) => setWords(currentTarget.value)} />
      </label>
      {newest.length === 0 && <p>No lines.</p>}
      <ol class="log">
        {newest.map((line, index) => (
          <li key={lines.length - index} class={line.level}>
            <time>{timeText(line.at)}</time> <b>{line.message}</b> {line.connector}{' '}
            {line.workerId !== null && <span class="quiet">{line.workerId} </span>}
            <code>{fieldsText(line)}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}

function textOf(line: LogLine): string {
  return `${line.level} ${line.message} ${line.connector} ${line.workerId ?? ''} ${fieldsText(line)}`.toLowerCase();
}
