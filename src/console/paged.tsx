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
  const [wanted, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const page = Math.min(wanted, pages - 1);
  const first = page * size;
  const shown = items.slice(first, first + size);
  return (
    <>
      {children(shown)}
      {pages > 1 && (
        <nav class="pages" aria-label={`Pages of ${what}`}>
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
            Previous
          </button>
          <span>
            {count(first + 1)} to {count(first + shown.length)} of {count(items.length)} {what}
          </span>
          <button type="button" disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            Next
          </button>
        </nav>
      )}
    </>
  );
}
