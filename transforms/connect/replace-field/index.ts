import { VALUE } from '../shared/operand.ts';
import { replaceField } from './replace-field.ts';

export default replaceField(VALUE);
