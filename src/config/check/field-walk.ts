import type { FieldUse, SoughtField } from '../../plugin/index.ts';
import { addingFields, HeadraceError, messageOf } from '../../plugin/index.ts';
import type { PredicateUse, TransformationStage } from '../define/plugin-instance.ts';

/** A field that a transformation looks for, and that no row has when it comes there. */
export interface LackingField extends SoughtField {
  /** Of the transformation, or of its predicate: `transforms.route`. */
  readonly place: string;
  /** The fields that rows have there. */
  readonly among: readonly string[];
  /** Rows may lack the field, but not so many: how many fields are there of all that the transformation keeps. */
  readonly kept?: { readonly there: number; readonly of: number };
}

interface PlacedUse {
  readonly place: string;
  readonly use: FieldUse;
}

/** Fields that rows have and a transformation does not know. */
export interface NewFields {
  /** `transforms.<label>` of the transformation. */
  readonly place: string;
  readonly names: readonly string[];
  readonly fate: NonNullable<FieldUse['newFields']>;
  /** The fields that it knows. */
  readonly known: readonly string[];
}

/** Why a transformation could not tell which fields it looks for: a file that its options name cannot be used here. */
export interface UnreadFile {
  /** `transforms.<label>` of the transformation. */
  readonly place: string;
  readonly reason: string;
}

const UNKNOWN: FieldUse = { seeks: [], after: () => null };

/** What becomes of the fields of rows on their way through a feed's transformations. */
export class FieldWalk {
  /** Nothing is known of the fields behind these. */
  readonly unread: readonly UnreadFile[];
  readonly #stages: readonly PlacedUse[];

  private constructor(stages: readonly PlacedUse[], unread: readonly UnreadFile[]) {
    this.#stages = stages;
    this.unread = unread;
  }

  static async of(transformations: readonly TransformationStage[]): Promise<FieldWalk> {
    const stages: PlacedUse[] = [];
    const unread: UnreadFile[] = [];
    for (const stage of transformations) {
      const { label, predicate } = stage;
      if (predicate !== null)
        stages.push({ place: `predicates.${predicate.label}`, use: await predicateUse(predicate) });
      const place = `transforms.${label}`;
      stages.push({ place, use: await useOf(stage, (reason) => unread.push({ place, reason })) });
    }
    return new FieldWalk(stages, unread);
  }

  /** @param columns those of a file; null where they are not known */
  lacking(columns: readonly string[] | null): LackingField[] {
    const found: LackingField[] = [];
    let fields = columns;
    for (const { place, use } of this.#stages) {
      if (fields !== null) found.push(...lackingIn(fields, place, use));
      fields = use.after(fields);
    }
    return found;
  }

  /** @param columns those of a file */
  unknown(columns: readonly string[]): NewFields[] {
    const found: NewFields[] = [];
    let fields: readonly string[] | null = columns;
    for (const { place, use } of this.#stages) {
      const fate = use.newFields;
      if (fields !== null && fate !== undefined) {
        const known = new Set(use.seeks.map(({ name }) => name));
        const names = fields.filter((name) => !known.has(name));
        if (names.length > 0) found.push({ place, names, fate, known: [...known] });
      }
      fields = use.after(fields);
    }
    return found;
  }

  /** The fields that are taken of a file's rows; null where they may be any. */
  wanted(): readonly string[] | null {
    const wanted = new Set<string>();
    const added = new Set<string>();
    for (const { use } of this.#stages) {
      for (const { name } of use.seeks) if (!added.has(name)) wanted.add(name);
      if (use.dropsOthers) return [...wanted];
      if (use.adds === undefined) return null;
      for (const name of use.adds) added.add(name);
    }
    return null;
  }
}

/** Several options may name a field: the last one for each name. */
export function onePerName(lacking: readonly LackingField[]): LackingField[] {
  return [...new Map(lacking.map((field) => [field.name, field])).values()];
}

function lackingIn(fields: readonly string[], place: string, use: FieldUse): LackingField[] {
  const there = new Set(fields);
  const absent = use.seeks.filter(({ name }) => !there.has(name));
  const at = { place, among: fields };
  const untold = absent.filter(({ lack }) => lack !== 'allowed');
  if (!isOfAnotherKind(fields, absent, use)) return untold.map((field) => ({ ...field, ...at }));
  const kept = { there: use.seeks.length - absent.length, of: use.seeks.length };
  return (kept.there === 0 ? absent : untold).map((field) => ({ ...field, ...at, lack: 'refused', kept }));
}

/** Rows may lack what is absent, but nothing is there of what is kept of them; or less than not, and other fields in its place. */
function isOfAnotherKind(
  fields: readonly string[],
  absent: readonly SoughtField[],
  { seeks, dropsOthers, newFields }: FieldUse,
): boolean {
  const isWhole = dropsOthers === true || newFields !== undefined;
  if (!isWhole || absent.some(({ lack }) => lack === 'refused')) return false;
  const there = seeks.length - absent.length;
  if (there === 0) return absent.length > 0;
  const sought = new Set(seeks.map(({ name }) => name));
  return (
    absent.filter(({ lack }) => lack === 'told').length > there && fields.some((name) => !sought.has(name))
  );
}

async function predicateUse({ instance: { plugin, values } }: PredicateUse): Promise<FieldUse> {
  if (plugin.seeks === undefined) return addingFields([]);
  const seeks = await answer(plugin.name, 'seeks', () => plugin.seeks?.(values));
  if (seeks === null) return addingFields([]);
  if (!Array.isArray(seeks)) throw unusable(plugin.name, 'seeks: expected a list of fields');
  return addingFields(seeks);
}

/**
 * @param onUnread told why the plugin cannot tell here: a file may be elsewhere
 * @throws HeadraceError PLUGIN_INVALID
 */
async function useOf(
  { plugin, values, predicate }: TransformationStage,
  onUnread: (reason: string) => void,
): Promise<FieldUse> {
  if (plugin.fieldUse === undefined) return UNKNOWN;
  const use = await answer(plugin.name, 'fieldUse', () => plugin.fieldUse?.(values), onUnread);
  if (use === null) return UNKNOWN;
  if (!Array.isArray(use?.seeks) || typeof use?.after !== 'function')
    throw unusable(plugin.name, 'fieldUse: expected { seeks, after }');
  return predicate === null ? use : ofSomeRows(use);
}

/** null where the plugin cannot tell now. */
async function answer<T>(
  name: string,
  method: string,
  ask: () => T,
  onUnread: (reason: string) => void = () => {},
): Promise<Awaited<T> | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HeadraceError) {
      onUnread(error.message);
      return null;
    }
    throw unusable(name, `${method} threw: ${messageOf(error)}`, error);
  }
}

function unusable(name: string, problem: string, cause?: unknown): HeadraceError {
  return new HeadraceError('PLUGIN_INVALID', `${name}: ${problem}`, cause === undefined ? {} : { cause });
}

/** With a predicate: other rows go on as they are. */
function ofSomeRows({ seeks, after, adds }: FieldUse): FieldUse {
  return {
    // What it adds to some rows others may have from their file.
    ...(adds !== undefined && { adds: [] }),
    seeks: seeks.map((field) => (field.lack === 'refused' ? { ...field, lack: 'told' } : field)),
    after: (before) => {
      const changed = after(before);
      return before === null || changed === null ? null : [...new Set([...before, ...changed])];
    },
  };
}
