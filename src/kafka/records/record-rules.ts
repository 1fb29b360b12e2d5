/** What a topic's configuration says of the records that it takes and keeps. Infinity where there is no limit. */
export interface RecordRules {
  /** A record's time may be so many milliseconds ahead of the broker's clock: `message.timestamp.after.max.ms`. */
  readonly maxAheadMs: number;
  /** And so many behind it: `message.timestamp.before.max.ms`. */
  readonly maxBehindMs: number;
  /** Records whose time is longer ago are deleted, in milliseconds: `retention.ms`. */
  readonly retentionMs: number;
  /** The topic is compacted, and takes no record without a key. */
  readonly wantsKey: boolean;
}

/** The configurations that `recordRules` reads. The last is that of brokers before 3.6. */
export const RECORD_RULE_CONFIGS = [
  'cleanup.policy',
  'message.timestamp.type',
  'retention.ms',
  'message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms',
  'message.timestamp.difference.max.ms',
] as const;

/** Of a topic whose configuration may not be read: what it refuses is seen when it does. */
export const NO_RULES: RecordRules = {
  maxAheadMs: Number.POSITIVE_INFINITY,
  maxBehindMs: Number.POSITIVE_INFINITY,
  retentionMs: Number.POSITIVE_INFINITY,
  wantsKey: false,
};

/** The rules of a topic by its configuration, defaults included. */
export function recordRules(config: ReadonlyMap<string, string | null>): RecordRules {
  const policies = (config.get('cleanup.policy') ?? 'delete').split(',').map((policy) => policy.trim());
  const wantsKey = policies.includes('compact');
  // The broker puts its own time in place of the record's.
  if (config.get('message.timestamp.type') === 'LogAppendTime') return { ...NO_RULES, wantsKey };
  const eitherWay = limit(config.get('message.timestamp.difference.max.ms'));
  return {
    maxAheadMs: Math.min(eitherWay, limit(config.get('message.timestamp.after.max.ms'))),
    maxBehindMs: Math.min(eitherWay, limit(config.get('message.timestamp.before.max.ms'))),
    retentionMs: policies.includes('delete') ? limit(config.get('retention.ms')) : Number.POSITIVE_INFINITY,
    wantsKey,
  };
}

/** Kafka writes "no limit" as the largest long, and as -1. */
function limit(text: string | null | undefined): number {
  if (text === null || text === undefined || !/^\d+$/.test(text)) return Number.POSITIVE_INFINITY;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
}
