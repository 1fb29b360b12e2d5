import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../terminal/figures.ts';

interface PagedProps<T> {
  readonly items: readonly T[];
  readonly size: number;
  /** What they are, of many. */
  readonly what: string;
  readonly children: (items: readonly T[]) => ComponentChildren;
}

/** A list of which a page at a time is shown. */
export function Paged<T>({ items, size, what, children }: PagedProps<T>) {
  const [wanted, setFirst] = useState(0);
  const first = Math.min(wanted, lastPage(items.length, size));
  const shown = items.slice(first, first + size);
  return (
    <>
      {children(shown)}
      <Pages first={first} size={size} total={items.length} what={what} onGo={setFirst} />
    </>
  );
}

interface PagesProps {
  /** Before the page that is shown there are so many. */
  readonly first: number;
  readonly size: number;
  readonly total: number;
  readonly what: string;
  readonly onGo: (first: number) => void;
}

/** The way to other pages, where there are any. */
export function Pages({ first, size, total, what, onGo }: PagesProps) {
  if (total <= size) return null;
  return (
    <nav class="pages" aria-label={`Pages of ${what}`}>
      <button type="button" disabled={first === 0} onClick={() => onGo(Math.max(0, first - size))}>
        Previous
      </button>
      <span>
        {count(first + 1)} to {count(Math.min(total, first + size))} of {count(total)} {what}
      </span>
      <button type="button" disabled={first + size >= total} onClick={() => onGo(first + size)}>
        Next
      </button>
    </nav>
  );
}

/** What is before the last page. */
export function lastPage(total: number, size: number): number {
  return Math.max(0, Math.ceil(total / size) - 1) * size;
}
