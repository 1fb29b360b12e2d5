import type { RowTrace, StageName } from '../../dry-run/row-trace.ts';
import { widthOf } from '../../terminal/text.ts';
import { changesAt } from '../record-changes.ts';
import { changeText, REJECTED, valueText } from './field-text.ts';
import { fieldsAtFault } from './fields-at-fault.ts';

export interface StageColumn {
  readonly title: string;
  /** 0 is the parser. */
  readonly stage: number;
  readonly width: number;
}

const WIDEST = 36;

/** The stages that change fields of some row, or reject one for a field. */
export function stageColumns(rows: readonly RowTrace[]): StageColumn[] {
  const columns = new Map<number, StageColumn>();
  const widen = (stage: number, { label, plugin }: StageName, texts: readonly string[]) => {
    const title = label === plugin ? label : `${label} (${plugin})`;
    const longest = Math.max(widthOf(title), ...texts.map(widthOf), columns.get(stage)?.width ?? 0);
    columns.set(stage, { title, stage, width: Math.min(longest, WIDEST) });
  };
  for (const row of rows) {
    const { stages, outcome } = row;
    for (const [stage, trace] of stages.entries()) {
      const changes = trace.records.flatMap((_, index) => changesAt(stages, stage, index).fields);
      const texts = changes.map((change) => (stage === 0 ? valueText(change) : changeText(change)));
      if (texts.length > 0) widen(stage, trace, texts);
    }
    if (outcome.kind === 'rejected' && fieldsAtFault(row).size > 0) {
      widen(stages.length, outcome.stage, [REJECTED]);
    }
  }
  return [...columns.values()].sort((one, other) => one.stage - other.stage);
}
