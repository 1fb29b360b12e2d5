import { isInRange, versionRange } from '../../values/version-range.ts';

/** What is wrong with asking a plugin for a version; null when it is right. @param version null of one that tells none */
export function versionMistake(plugin: string, version: string | null, asked: string): string | null {
  const range = versionRange(asked);
  if (range === null) {
    return `expected a version such as 1.0, or a range such as [1.0,2.0), got ${JSON.stringify(asked)}`;
  }
  if (version === null) {
    return `the plugin ${plugin} tells no version; give it one (version: '1.0.0' beside its name), or leave this key out`;
  }
  if (isInRange(version, range)) return null;
  return `the plugin ${plugin} has version ${version}, which is not in ${range.text}; install another one, or change the range`;
}
