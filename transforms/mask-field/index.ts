import { VALUE } from '../connect/operand.ts';
import { maskField } from './mask-field.ts';

export default maskField(VALUE);
