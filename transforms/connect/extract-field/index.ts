import { VALUE } from '../shared/operand.ts';
import { extractField } from './extract-field.ts';

export default extractField(VALUE);
