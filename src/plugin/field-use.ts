/** A field that a transformation looks for in its rows. */
export interface SoughtField {
  readonly name: string;
  /** The option that names it, below the transformation's label: `key`, `fields.price`. */
  readonly key: string;
  /**
   * What it means that no row of a file has it. `refused`: no row could pass, so the file is given up. `told`: the rows go
   * on, and the file is told of. `allowed`: nothing, the options say so.
   */
  readonly lack: 'refused' | 'told' | 'allowed';
  /** Of one that is told: what to set, below the label, where the lack is meant: `fields.price.absent: true`. */
  readonly allowedBy?: string;
}

/** What a transformation does about the fields of rows, as far as its options tell. */
export interface FieldUse {
  readonly seeks: readonly SoughtField[];
  /**
   * The names of a row's fields after it, of those before it; null where they are not known. Names too many only mean that
   * less is found.
   */
  after(before: readonly string[] | null): readonly string[] | null;
  /** What it adds, where it leaves all other fields of a row as they are. */
  readonly adds?: readonly string[];
  /** Nothing of a row is left but the fields that it seeks. */
  readonly dropsOthers?: true;
  /**
   * What becomes of a file with fields that it does not seek, where it is to be told of them. `ignored`: they are dropped;
   * `added`: they are fields of its records, too; `refused`: the file is given up.
   */
  readonly newFields?: 'ignored' | 'added' | 'refused';
}

/** The use of a transformation that leaves the fields of rows as they are, but for those it adds. */
export function addingFields(seeks: readonly SoughtField[], added: readonly string[] = []): FieldUse {
  return { seeks, adds: added, after: (before) => before && [...new Set([...before, ...added])] };
}
