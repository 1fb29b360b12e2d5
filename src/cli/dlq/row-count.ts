import { count } from '../load/figures.ts';

/** `1 row`, `1,234 rows`. */
export function rowCount(rows: number): string {
  return rows === 1 ? '1 row' : `${count(rows)} rows`;
}
