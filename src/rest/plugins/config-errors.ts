import { UNKNOWN_KEY } from '../../config/check/unknown-keys.ts';
import type { Problem } from '../../config/read/problem.ts';
import type { OptionDefinition } from '../../plugin/index.ts';
import type { ConfigMap } from '../config-request.ts';

/** Options by their keys. */
export type OptionsByKey = ReadonlyMap<string, OptionDefinition>;

/** What a configuration is refused with, in Kafka Connect's words. */
export function invalidConfigMessage(errors: readonly string[]): string {
  return [
    `Connector configuration is invalid and contains the following ${errors.length} error(s):`,
    ...errors,
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  ].join('\n');
}

/**
 * A problem in Kafka Connect's words. A value is shown only where it is an option's that is not sensitive: a key that is
 * misspelt may hold a secret.
 */
export function errorText(
  { key, message }: Pick<Problem, 'key' | 'message'>,
  config: ConfigMap,
  options: OptionsByKey,
): string {
  if (key === null) return message;
  if (message.startsWith(UNKNOWN_KEY)) {
    return `Configuration is not defined: ${key}${message.slice(UNKNOWN_KEY.length)}`;
  }
  const option = optionOf(key, options);
  const text = config[key];
  if (option?.required && text === undefined) {
    return `Missing required configuration "${key}" which has no default value.`;
  }
  if (option?.required && text?.trim() === '') {
    return `Invalid value ${text} for configuration ${key}: String may not be empty`;
  }
  const value = option === null || option.sensitive ? '[hidden]' : (text ?? 'null');
  return `Invalid value ${value} for configuration ${key}: ${message}`;
}

/** The option that has a key, which may be below it; null when there is none. */
export function optionOf(key: string, options: OptionsByKey): OptionDefinition | null {
  const exact = options.get(key);
  if (exact !== undefined) return exact;
  for (let end = key.lastIndexOf('.'); end > 0; end = key.lastIndexOf('.', end - 1)) {
    const above = options.get(key.slice(0, end));
    if (above?.format === 'map') return above;
  }
  return null;
}
