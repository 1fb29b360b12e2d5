import { VALUE } from '../shared/operand.ts';
import { maskField } from './mask-field.ts';

export default maskField(VALUE);
