import type { CellPlan } from './cells.ts';

const PLANS = new WeakMap<readonly string[], CellPlan>();

/**
 * The plan of rows as a parser gives them: every cell is a string, the empty one as well, or null. Kept per file, by its
 * columns: plans are compared by identity.
 */
export function parsedPlan(columns: readonly string[], empty: '' | null): CellPlan {
  let plan = PLANS.get(columns);
  if (plan === undefined) {
    const fields = columns.map(
      (name, column) => ({ name, column, type: 'string', empty, case: null }) as const,
    );
    plan = {
      width: columns.length,
      valueSchema: null,
      fields,
      topic: null,
      partition: null,
      key: null,
      timestamp: null,
    };
    PLANS.set(columns, plan);
  }
  return plan;
}
