import { KEY } from '../shared/operand.ts';
import { timestampConverter } from './timestamp-converter.ts';

export default timestampConverter(KEY);
