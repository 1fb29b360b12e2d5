import type { SourceRecord } from '../../src/plugin/index.ts';

/** A record as a case gives it: what it does not name is null, and the topic `market.trades`. */
export type CaseRecord = Partial<Omit<SourceRecord, 'origin'>>;

/** What becomes of a record: parts that are not named are as before. */
export type Outcome = CaseRecord | typeof REJECTED | typeof REFUSED | typeof DROPPED;

/** The row is rejected. */
export const REJECTED = 'rejected';
/** The configuration is refused. */
export const REFUSED = 'refused';
export const DROPPED = 'dropped';

/** Why our answer is not Connect's, and what it is. */
export interface Difference {
  readonly because: string;
  readonly ours: Outcome;
}

/** One question to Kafka Connect and to us. */
export interface ConnectCase {
  /** The class's name without its package. */
  readonly class: string;
  readonly config: Readonly<Record<string, string>>;
  readonly record: CaseRecord;
  readonly differs?: Difference;
}

export type Row = readonly [config: ConnectCase['config'], record: CaseRecord, differs?: Difference];

/** Cases of one class. */
export function casesOf(className: string, rows: readonly Row[]): ConnectCase[] {
  return rows.map(([config, record, differs]) => ({
    class: className,
    config,
    record,
    ...(differs && { differs }),
  }));
}

/** Cases of `$Value`, and of `$Key` where the value has no schema: keys have none. */
export function onBothSides(className: string, rows: readonly Row[]): ConnectCase[] {
  const onKey = rows
    .filter(([, { valueSchema = null }]) => valueSchema === null)
    .map(([config, record, differs]): Row => {
      if (differs === undefined) return [config, swapped(record)];
      const { because, ours } = differs;
      return [config, swapped(record), { because, ours: typeof ours === 'string' ? ours : swapped(ours) }];
    });
  return [...casesOf(`${className}$Value`, rows), ...casesOf(`${className}$Key`, onKey)];
}

function swapped({ value = null, key = null, ...rest }: CaseRecord): CaseRecord {
  return { ...rest, key: value, value: key };
}

/** Rows that all differ for the same reason and in the same way. */
export function differing(because: string, ours: Outcome, rows: readonly Row[]): Row[] {
  return rows.map(([config, record]) => [config, record, { because, ours }]);
}
