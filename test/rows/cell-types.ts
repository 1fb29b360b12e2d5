import type { FieldType } from '../../src/plugin/index.ts';
import { FIELD_TYPES } from '../../src/values/field-types.ts';

/** Types whose rows always become records. */
type RecordType = 'time' | 'uuid' | 'duration' | 'bytes';
/** Types that kernels check and write. */
export type CellType = Exclude<FieldType, RecordType>;

const RECORD_TYPES: readonly FieldType[] = ['time', 'uuid', 'duration', 'bytes'] satisfies RecordType[];

export const CELL_TYPES = FIELD_TYPES.filter((type): type is CellType => !RECORD_TYPES.includes(type));
