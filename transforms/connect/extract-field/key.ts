import { KEY } from '../shared/operand.ts';
import { extractField } from './extract-field.ts';

export default extractField(KEY);
