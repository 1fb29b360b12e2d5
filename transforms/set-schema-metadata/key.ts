import { KEY } from '../connect/operand.ts';
import { setSchemaMetadata } from './set-schema-metadata.ts';

export default setSchemaMetadata(KEY);
