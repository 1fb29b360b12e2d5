import { VALUE } from '../shared/operand.ts';
import { flatten } from './flatten.ts';

export default flatten(VALUE);
