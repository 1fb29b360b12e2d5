import type { FieldUse, SoughtField } from '../../plugin/index.ts';
import { HeadraceError, messageOf } from '../../plugin/index.ts';
import type { TransformationStage } from '../define/plugin-instance.ts';

/** A field that a transformation looks for, and that no row has when it comes there. */
export interface LackingField extends SoughtField {
  /** The transformation's label. */
  readonly label: string;
  /** The fields that rows have there. */
  readonly among: readonly string[];
  /** Rows may lack the field, but not so many: how many fields are there of all that the transformation keeps. */
  readonly kept?: { readonly there: number; readonly of: number };
}

const UNKNOWN: FieldUse = { seeks: [], after: () => null };

/** What becomes of the fields of rows on their way through a feed's transformations. */
export class FieldWalk {
  readonly #stages: readonly { readonly label: string; readonly use: FieldUse }[];

  private constructor(stages: readonly { readonly label: string; readonly use: FieldUse }[]) {
    this.#stages = stages;
  }

  static async of(transformations: readonly TransformationStage[]): Promise<FieldWalk> {
    const stages: { label: string; use: FieldUse }[] = [];
    for (const stage of transformations) stages.push({ label: stage.label, use: await useOf(stage) });
    return new FieldWalk(stages);
  }

  /** @param columns those of a file; null where they are not known */
  lacking(columns: readonly string[] | null): LackingField[] {
    const found: LackingField[] = [];
    let fields = columns;
    for (const { label, use } of this.#stages) {
      if (fields !== null) found.push(...lackingIn(fields, label, use));
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

function lackingIn(fields: readonly string[], label: string, use: FieldUse): LackingField[] {
  const there = new Set(fields);
  const absent = use.seeks.filter(({ name }) => !there.has(name));
  const at = { label, among: fields };
  const untold = absent.filter(({ lack }) => lack !== 'allowed');
  if (!isOfAnotherKind(fields, absent, use)) return untold.map((field) => ({ ...field, ...at }));
  const kept = { there: use.seeks.length - absent.length, of: use.seeks.length };
  return (kept.there === 0 ? absent : untold).map((field) => ({ ...field, ...at, lack: 'refused', kept }));
}

/** Rows may lack what is absent, but nothing is there of what is kept of them; or less than not, and other fields in its place. */
function isOfAnotherKind(
  fields: readonly string[],
  absent: readonly SoughtField[],
  { seeks, dropsOthers }: FieldUse,
): boolean {
  if (dropsOthers !== true || absent.some(({ lack }) => lack === 'refused')) return false;
  const there = seeks.length - absent.length;
  if (there === 0) return absent.length > 0;
  const sought = new Set(seeks.map(({ name }) => name));
  return (
    absent.filter(({ lack }) => lack === 'told').length > there && fields.some((name) => !sought.has(name))
  );
}

/**
 * A schema file that cannot be read says nothing here; whoever needs it tells.
 *
 * @throws HeadraceError PLUGIN_INVALID
 */
async function useOf({ plugin, values, predicate }: TransformationStage): Promise<FieldUse> {
  if (plugin.fieldUse === undefined) return UNKNOWN;
  let use: FieldUse | undefined;
  try {
    use = await plugin.fieldUse(values);
  } catch (error) {
    if (error instanceof HeadraceError) return UNKNOWN;
    throw new HeadraceError('PLUGIN_INVALID', `${plugin.name}: fieldUse threw: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (!Array.isArray(use?.seeks) || typeof use?.after !== 'function') {
    throw new HeadraceError('PLUGIN_INVALID', `${plugin.name}: fieldUse: expected { seeks, after }`);
  }
  return predicate === null ? use : ofSomeRows(use);
}

/** With a predicate: other rows go on as they are. */
function ofSomeRows({ seeks, after }: FieldUse): FieldUse {
  return {
    seeks: seeks.map((field) => (field.lack === 'refused' ? { ...field, lack: 'told' } : field)),
    after: (before) => {
      const changed = after(before);
      return before === null || changed === null ? null : [...new Set([...before, ...changed])];
    },
  };
}
