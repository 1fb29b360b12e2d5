import { VALUE } from '../connect/operand.ts';
import { replaceField } from './replace-field.ts';

export default replaceField(VALUE);
