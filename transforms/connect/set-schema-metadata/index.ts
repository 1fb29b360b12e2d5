import { VALUE } from '../shared/operand.ts';
import { setSchemaMetadata } from './set-schema-metadata.ts';

export default setSchemaMetadata(VALUE);
