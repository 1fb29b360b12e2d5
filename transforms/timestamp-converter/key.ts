import { KEY } from '../connect/operand.ts';
import { timestampConverter } from './timestamp-converter.ts';

export default timestampConverter(KEY);
