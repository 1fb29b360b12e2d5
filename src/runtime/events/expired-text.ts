import type { KnownTopic } from '../../sink/record-encoder.ts';
import type { ExpiredTimestamps } from '../../sink/record-times.ts';
import { DAY_MS } from '../../values/calendar.ts';

/** What becomes of them, by the choice. */
const BECOMES: Readonly<Record<ExpiredTimestamps, string>> = {
  now: 'such rows get the time of writing instead (expired.timestamps: now; the others are keep and reject)',
  keep: 'such rows keep their time (expired.timestamps: keep), and are deleted soon after they are delivered; set it to now, or raise retention.ms',
  reject:
    'such rows are rejected (expired.timestamps: reject); set it to now to deliver them with the time of writing',
};

/** Tells whoever loads old rows what the topic does with them. `oldest` in milliseconds since 1970. */
export function expiredText(
  { name, rules }: Pick<KnownTopic, 'name' | 'rules'>,
  oldest: number,
  choice: ExpiredTimestamps,
): string {
  const { maxBehindMs, retentionMs } = rules;
  const limit =
    maxBehindMs < retentionMs
      ? `takes no record whose time is more than ${days(maxBehindMs)} ago (message.timestamp.before.max.ms=${maxBehindMs})`
      : `deletes records whose time is more than ${days(retentionMs)} ago (retention.ms=${retentionMs})`;
  return `topic ${name} ${limit}, and rows are ${days(Date.now() - oldest)} old: ${BECOMES[choice]}`;
}

function days(ms: number): string {
  const count = ms / DAY_MS;
  return count >= 1
    ? `${Math.round(count)} ${Math.round(count) === 1 ? 'day' : 'days'}`
    : `${Math.round(ms / 1000)} s`;
}
