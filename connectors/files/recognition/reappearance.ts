import type { PluginLog } from '../../../src/plugin/index.ts';
import { HeadraceError } from '../../../src/plugin/index.ts';
import type { KnownGeneration } from './known-offsets.ts';
import type { Recognition } from './recognize.ts';

export const REAPPEAR_POLICIES = ['auto', 'skip', 'reprocess', 'fail'] as const;

/** What to do with a file that comes under the name of one that was delivered. */
export type ReappearPolicy = (typeof REAPPEAR_POLICIES)[number];

/** What becomes of a file that was opened. */
export type Plan =
  /** Read it, from the beginning of a new generation or from where a known one ends. */
  | { readonly kind: 'read'; readonly generation: string; readonly from: KnownGeneration | null }
  /** Every row of it is delivered: finish it without reading. */
  | { readonly kind: 'finish'; readonly state: 'COMPLETED' | 'SKIPPED'; readonly generation: string };

interface Encounter {
  readonly path: string;
  /** The hash of its first bytes: the name of a generation. */
  readonly hash: string;
  readonly recognition: Recognition;
  readonly generations: readonly KnownGeneration[];
  readonly policy: ReappearPolicy;
  /** It is what was delivered, with what was written to it since: nothing came a second time. */
  readonly isContinued: boolean;
}

/**
 * Decides what to do with a file.
 *
 * | the file is | auto | skip | reprocess | fail |
 * |---|---|---|---|---|
 * | delivered in part, content as before | goes on | goes on | goes on | goes on |
 * | delivered in part, content changed | anew | anew | anew | fails |
 * | delivered, not touched since | finished | finished | finished | finished |
 * | delivered, came again with the same content | finished | finished | anew | fails |
 * | delivered, rows were appended | goes on | finished | anew | fails |
 * | delivered, content changed | anew | finished | anew | fails |
 *
 * @throws HeadraceError SOURCE_REAPPEARED where the table says so.
 */
export function planFor(encounter: Encounter, log: PluginLog): Plan {
  const { recognition, generations, hash } = encounter;
  switch (recognition.kind) {
    case 'unknown':
      return anew(encounter);
    case 'unfinished':
      return { kind: 'read', generation: recognition.known.generation, from: recognition.known };
    case 'untouched':
      return { kind: 'finish', state: 'COMPLETED', generation: recognition.known.generation };
    case 'changed': {
      logChange(encounter, recognition.checks, log);
      const delivered = generations.every(({ offset }) => offset.eof);
      return delivered ? byPolicy(encounter, hash, null) : unlessFail(encounter);
    }
    case 'same':
      if (encounter.isContinued)
        return { kind: 'finish', state: 'COMPLETED', generation: recognition.known.generation };
      return byPolicy(encounter, recognition.known.generation, null);
    case 'appended':
      if (encounter.isContinued)
        return { kind: 'read', generation: recognition.known.generation, from: recognition.known };
      return byPolicy(encounter, recognition.known.generation, recognition.known);
  }
}

function byPolicy(encounter: Encounter, generation: string, appendedTo: KnownGeneration | null): Plan {
  const skipped: Plan = { kind: 'finish', state: 'SKIPPED', generation };
  switch (encounter.policy) {
    case 'auto':
      if (appendedTo !== null) return { kind: 'read', generation, from: appendedTo };
      return encounter.recognition.kind === 'same' ? skipped : anew(encounter);
    case 'skip':
      return skipped;
    case 'reprocess':
      return anew(encounter);
    case 'fail':
      throw reappeared(encounter);
  }
}

/** Rows of the earlier content are missing, so this is no second delivery that could be skipped. */
function unlessFail(encounter: Encounter): Plan {
  if (encounter.policy === 'fail') throw reappeared(encounter);
  return anew(encounter);
}

function anew({ hash, generations }: Encounter): Plan {
  return { kind: 'read', generation: freeGeneration(hash, generations), from: null };
}

/** A generation of its own: the hash, or `<hash>.2` and so on when another content began with the same bytes. */
export function freeGeneration(hash: string, generations: readonly KnownGeneration[]): string {
  const taken = new Set(generations.map(({ generation }) => generation));
  let generation = hash;
  for (let number = 2; taken.has(generation); number++) generation = `${hash}.${number}`;
  return generation;
}

function logChange(
  { path, generations }: Encounter,
  checks: readonly { generation: string; failed: string }[],
  log: PluginLog,
): void {
  const latest = checks.at(-1);
  const offset = generations.find(({ generation }) => generation === latest?.generation)?.offset;
  const fields = { file: path, check: latest?.failed, generation: latest?.generation, row: offset?.row };
  // A new file under an old name is daily business; one of which rows are missing is not.
  if (generations.every((known) => known.offset.eof)) {
    log.info('file has other content than the one delivered under its name', fields);
  } else {
    log.warn('file changed before all of its rows were delivered', fields);
  }
}

const WHAT = {
  unknown: '',
  unfinished: '',
  untouched: '',
  same: 'came again with the same content',
  appended: 'was delivered and has had rows appended since',
  changed: 'came again with other content',
} as const satisfies Record<Recognition['kind'], string>;

function reappeared({ path, recognition }: Encounter): HeadraceError {
  return new HeadraceError(
    'SOURCE_REAPPEARED',
    `${JSON.stringify(path)} ${WHAT[recognition.kind]} and on.reappear is fail; take the file away or rename it, or set ` +
      'on.reappear to auto, skip or reprocess, and restart the task',
  );
}
