/** Not a part of the value, which is Connect's, and so on records without a value as well. */
const NAME = 'headrace.version';

type Headers = readonly (readonly [name: string, value: Buffer | null])[];

/** The headers of a record that is newer than all of its connector with a lower version. */
export function versionHeaders(version: number): [name: string, value: Buffer][] {
  return [[NAME, Buffer.from(String(version))]];
}

/** 0 for a record from before there were versions, or of somebody else. */
export function versionOf(headers: Headers): number {
  const value = headers.find(([name]) => name === NAME)?.[1];
  const version = value === undefined ? 0 : Number(String(value));
  return Number.isSafeInteger(version) && version > 0 ? version : 0;
}
