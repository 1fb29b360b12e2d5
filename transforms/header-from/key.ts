import { KEY } from '../connect/operand.ts';
import { headerFrom } from './header-from.ts';

export default headerFrom(KEY);
