import { KEY } from '../connect/operand.ts';
import { maskField } from './mask-field.ts';

export default maskField(KEY);
