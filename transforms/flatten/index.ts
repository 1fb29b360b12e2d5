import { VALUE } from '../connect/operand.ts';
import { flatten } from './flatten.ts';

export default flatten(VALUE);
