import { VALUE } from '../connect/operand.ts';
import { hoistField } from './hoist-field.ts';

export default hoistField(VALUE);
