import { KEY } from '../connect/operand.ts';
import { cast } from './cast.ts';

export default cast(KEY);
