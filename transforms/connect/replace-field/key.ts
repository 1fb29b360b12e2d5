import { KEY } from '../shared/operand.ts';
import { replaceField } from './replace-field.ts';

export default replaceField(KEY);
