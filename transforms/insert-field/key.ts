import { KEY } from '../connect/operand.ts';
import { insertField } from './insert-field.ts';

export default insertField(KEY);
