import { KEY } from '../connect/operand.ts';
import { extractField } from './extract-field.ts';

export default extractField(KEY);
