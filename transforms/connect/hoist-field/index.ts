import { VALUE } from '../shared/operand.ts';
import { hoistField } from './hoist-field.ts';

export default hoistField(VALUE);
