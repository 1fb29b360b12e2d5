/** The oldest Node that Headrace runs on; `engines` of package.json says the same. */
export const OLDEST_NODE = '22.22.0';

/** What is wrong with a version of Node; null when it will do. */
export function nodeMistake(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `headrace needs Node ${OLDEST_NODE} or newer, and this is ${version}; see https://nodejs.org for how to get it`;
}
