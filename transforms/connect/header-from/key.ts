import { KEY } from '../shared/operand.ts';
import { headerFrom } from './header-from.ts';

export default headerFrom(KEY);
