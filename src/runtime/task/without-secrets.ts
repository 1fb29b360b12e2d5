import { resolveEntries } from '../../config/read/config-providers.ts';
import { withoutSecret } from '../../config/read/hidden-secrets.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import type { ErrorReport } from '../events/events.ts';
import type { Feed } from '../worker/feed.ts';

/** Nobody takes so many characters for a word of a message. */
const SHORTEST = 8;

/**
 * A report without what stores of secrets gave a feed, and without the values of its options that are secret: a plugin, or
 * a package of its, may quote them. What the environment gives stays, as whole feeds are written by it.
 */
export function withoutSecrets(report: ErrorReport, feed: Feed, worker: WorkerConfig): ErrorReport {
  const hide = secretHider(feed, worker);
  const { message, masked, stack } = report;
  return {
    ...report,
    message: hide(message),
    ...(masked === undefined ? {} : { masked: hide(masked) }),
    ...(stack === undefined ? {} : { stack: hide(stack) }),
  };
}

/** Takes the same secrets out of any text. */
export function secretHider(feed: Feed, worker: WorkerConfig): (text: string) => string {
  const secrets = secretsOf(feed, worker);
  return (text) =>
    secrets.reduce((shown, [value, instead]) => withoutSecret(shown, value, instead, SHORTEST), text);
}

/** Each with what stands for it. */
function secretsOf({ entries, config }: Feed, worker: WorkerConfig): [string, string][] {
  const resolved = resolveEntries(entries, {
    environment: process.env,
    allowedPaths: worker.configProvidersAllowedPaths,
  });
  const own = config.sensitiveKeys.map((key) => [resolved.entries.get(key)?.value ?? '', '[hidden]']);
  const stored = [...(entries.given ?? [])].map(([reference, given]) => [
    'value' in given ? given.value : '',
    reference,
  ]);
  return ([...own, ...stored] as [string, string][]).filter(([value]) => value !== '');
}
