import { KEY } from '../shared/operand.ts';
import { insertField } from './insert-field.ts';

export default insertField(KEY);
