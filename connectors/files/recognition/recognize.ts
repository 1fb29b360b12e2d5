import type { FileVersion } from '../file-version.ts';
import { mtimeMsOf } from '../file-version.ts';
import { crcOfFirst, readRange } from '../reading/content.ts';
import type { OpenFile } from '../reading/open-file.ts';
import { hasFingerprint, shortHash } from './fingerprint.ts';
import type { KnownGeneration } from './known-offsets.ts';
import { isUntouchedSince, type StoredOffset } from './stored-offset.ts';

/** The check by which a file was found to be another than the one that is known. */
export type FailedCheck = 'size' | 'head' | 'tail' | 'content' | 'last row';

/**
 * How a file compares with what was delivered under its path.
 *
 * - `unfinished`: a part of this content is delivered. What follows that part may have changed, as when a person has
 *   mended the row at which a task failed.
 * - `untouched`: delivered, and still there as it was.
 * - `same`: delivered, and the file came again or was touched.
 * - `appended`: all of what was delivered, and more after it.
 * - `changed`: other content.
 * - `unknown`: nothing was delivered under this path.
 */
export type Recognition =
  | { readonly kind: MatchKind; readonly known: KnownGeneration }
  | {
      readonly kind: 'changed';
      readonly checks: readonly { readonly generation: string; readonly failed: FailedCheck }[];
    }
  | { readonly kind: 'unknown' };

type MatchKind = (typeof MATCHES)[number];

/** Best first: several generations of one path may match, when one was loaded twice on purpose. */
const MATCHES = ['unfinished', 'untouched', 'same', 'appended'] as const;

/** What is known of a file's path beside the offsets. */
export interface Circumstances {
  /** Files stay where they are when they are delivered. */
  readonly leavesFiles: boolean;
  /** This task has moved or deleted what it delivered under the path, so that what is there came again. */
  readonly wasPutAway: boolean;
}

/** Finds which of the generations known under its path a file is. Content decides; times and inodes only spare reading it. */
export async function recognize(
  file: OpenFile,
  generations: readonly KnownGeneration[],
  circumstances: Circumstances,
): Promise<Recognition> {
  const checks: { generation: string; failed: FailedCheck }[] = [];
  let best: { kind: MatchKind; known: KnownGeneration } | undefined;
  for (const known of candidates(file.version, generations)) {
    const result = await compare(file, known.offset, circumstances);
    if (typeof result === 'object') checks.push({ generation: known.generation, ...result });
    else if (best === undefined || isBetter(result, known, best)) best = { kind: result, known };
  }
  if (best !== undefined) return best;
  return checks.length === 0 ? { kind: 'unknown' } : { kind: 'changed', checks };
}

/** Once a file is seen to be in the very version of one generation, its content need not be held against the others'. */
function candidates(version: FileVersion, generations: readonly KnownGeneration[]) {
  if (!generations.some(({ offset }) => isUntouchedSince(version, offset))) return generations;
  return generations.filter(({ offset }) => offset.identity === null || isUntouchedSince(version, offset));
}

function isBetter(
  kind: MatchKind,
  known: KnownGeneration,
  best: { kind: MatchKind; known: KnownGeneration },
) {
  if (kind !== best.kind) return MATCHES.indexOf(kind) < MATCHES.indexOf(best.kind);
  return known.offset.position > best.known.offset.position;
}

async function compare(
  file: OpenFile,
  offset: StoredOffset,
  circumstances: Circumstances,
): Promise<MatchKind | { failed: FailedCheck }> {
  const { size } = file.version;
  const leastSize = file.compressed ? 0 : offset.position;
  if (size < leastSize || (offset.eof && size < (offset.size ?? 0))) return { failed: 'size' };
  const hasHead = offset.fingerprint === null || (await hasFingerprint(file.raw, offset.fingerprint));
  // The head of a small file is more than what was delivered of it.
  if (!hasHead && (offset.eof || offset.row === 0 || offset.crc32 === null)) return { failed: 'head' };
  const isAsSeen = !circumstances.wasPutAway && isUntouchedSince(file.version, offset);
  if (hasHead && isAsSeen && offset.eof) return 'untouched';
  if (hasHead && !(await hasTail(file, offset))) return { failed: 'tail' };
  if (!isAsSeen && !(await hasContent(file, offset))) return { failed: hasHead ? 'content' : 'head' };
  if (!offset.eof) return 'unfinished';
  if (size === (offset.size ?? offset.position)) {
    return isStillThere(file.version, offset, circumstances) ? 'untouched' : 'same';
  }
  return (await lastRowEnded(file, offset.position)) ? 'appended' : { failed: 'last row' };
}

/**
 * Whether a file with the content that was delivered is the one that was delivered, rather than one that came after it
 * was put away. A changed owner, or a hard link, as the first half of a move is, changes a file's change time alone.
 */
function isStillThere(
  version: FileVersion,
  { mtimeMs, identity }: StoredOffset,
  { leavesFiles, wasPutAway }: Circumstances,
): boolean {
  if (wasPutAway || mtimeMsOf(version) !== mtimeMs) return false;
  return leavesFiles || version.identity === identity?.identity;
}

async function hasTail(file: OpenFile, { tail, position }: StoredOffset): Promise<boolean> {
  if (tail === null) return true;
  const bytes = await readRange(file.content, Math.max(0, position - tail.bytes), position);
  return bytes.length === tail.bytes && shortHash(bytes) === tail.hash;
}

async function hasContent(file: OpenFile, { crc32, position }: StoredOffset): Promise<boolean> {
  return crc32 === null || (await crcOfFirst(file.content, position)) === crc32;
}

/**
 * Whether what follows `position` is new rows. When the last row had no line end and has grown, what was delivered of
 * it was not a row, and going on would deliver the rest of it as another.
 */
async function lastRowEnded(file: OpenFile, position: number): Promise<boolean> {
  if (position === 0) return true;
  const before = await readRange(file.content, Math.max(0, position - 2), position);
  const after = await readRange(file.content, position, position + 2);
  return isLineEnd(before.at(-1), before.at(-2)) || isLineEnd(after.at(0), after.at(1));
}

/** A zero byte beside it is the other half of a line end in UTF-16. */
function isLineEnd(byte: number | undefined, neighbour: number | undefined): boolean {
  const decisive = byte === 0 ? neighbour : byte;
  return decisive === 0x0a || decisive === 0x0d;
}
