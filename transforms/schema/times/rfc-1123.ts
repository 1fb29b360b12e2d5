import { isoTimestamp } from './iso-time.ts';
import { isoText, timeFields } from './time-pattern.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const RFC_1123 = new RegExp(
  `^(?:(${WEEKDAYS.join('|')}), )?(?<day>[0-9]{1,2}) (?<month>[A-Z][a-z]{2}) (?<year>[0-9]{4}) ` +
    '(?<hour>[0-9]{2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2}))? (?<zone>GMT|[+-][0-9]{4})$',
);

/** As HTTP writes dates (RFC 9110, IMF-fixdate), and mail those with an offset. */
export function rfc1123Timestamp(text: string): string | undefined {
  const match = RFC_1123.exec(text);
  const fields = match === null ? null : timeFields(match.groups ?? {});
  if (fields === null) return undefined;
  const weekday = match?.[1];
  const timestamp = isoTimestamp(isoText({ ...fields, zone: fields.zone === 'GMT' ? 'Z' : fields.zone }));
  if (timestamp === undefined || weekday === undefined) return timestamp;
  return weekday === WEEKDAYS[new Date(timestamp.slice(0, 10)).getUTCDay()] ? timestamp : undefined;
}
