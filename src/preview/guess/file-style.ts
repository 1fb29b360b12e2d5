import type { ColumnProfile } from './column-profile.ts';
import { NUMBER_STYLES } from './number-profile.ts';

/** What the other columns of a file tell of one that may be read in two ways. */
export interface FileStyle {
  /** null: no number tells, nor what stands between cells. */
  readonly decimal: '.' | ',' | null;
  /** Numbers tell it. */
  readonly isCertain: boolean;
  /** null: no date tells. */
  readonly order: 'day' | 'month' | null;
  /** All rows were seen. */
  readonly isWhole: boolean;
}

/** Points and commas of numbers, and days and months of dates, where a column leaves no doubt. */
export function fileStyle(
  profiles: readonly ColumnProfile[],
  delimiter: string | null,
  isWhole: boolean,
): FileStyle {
  const decimals = new Set<string>();
  const orders = new Set<'day' | 'month'>();
  for (const { numbers, times } of profiles) {
    const fitting = NUMBER_STYLES.filter((_, index) => numbers.count > 0 && numbers.misfits(index) === 0);
    const marks = new Set(fitting.map(({ decimal }) => decimal));
    if (marks.size === 1 && numbers.fractionMask !== 0) decimals.add([...marks][0] as string);
    const found = new Set(times.fitting(0).map(({ order }) => order));
    const [only] = found;
    if (found.size === 1 && only) orders.add(only);
  }
  const [decimal] = decimals;
  const [order] = orders;
  return {
    // Who separates cells by semicolons has commas in numbers.
    decimal:
      decimals.size === 1 ? (decimal as '.' | ',') : decimals.size === 0 && delimiter === ';' ? ',' : null,
    isCertain: decimals.size === 1,
    order: orders.size === 1 && order ? order : null,
    isWhole,
  };
}
