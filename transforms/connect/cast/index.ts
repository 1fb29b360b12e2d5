import { VALUE } from '../shared/operand.ts';
import { cast } from './cast.ts';

export default cast(VALUE);
