import { VALUE } from '../shared/operand.ts';
import { headerFrom } from './header-from.ts';

export default headerFrom(VALUE);
