const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID as RFC 9562 writes it. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Avro's duration: three numbers of 32 bits that no one makes of one another. */
export interface DurationParts {
  readonly months: number;
  readonly days: number;
  readonly millis: number;
}

const DURATION =
  /^P(?=.)(?:(\d{1,10})Y)?(?:(\d{1,10})M)?(?:(\d{1,10})W)?(?:(\d{1,10})D)?(?:T(?=.)(?:(\d{1,10})H)?(?:(\d{1,10})M)?(?:(\d{1,10})(?:\.(\d{1,3})0*)?S)?)?$/;
const MAX_PART = 2 ** 32 - 1;

/** The parts of a duration in ISO 8601 (`P1Y2M3DT4H5M6.789S`); null when it is none, or more than Avro's can hold. */
export function durationParts(text: string): DurationParts | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1, 8)
    .map((part = '0') => Number(part));
  const parts = {
    months: 12 * (years as number) + (months as number),
    days: 7 * (weeks as number) + (days as number),
    millis:
      1000 * (3600 * (hours as number) + 60 * (minutes as number) + (seconds as number)) +
      Number((match[8] ?? '').padEnd(3, '0')),
  };
  return Object.values(parts).every((part) => part <= MAX_PART) ? parts : null;
}
