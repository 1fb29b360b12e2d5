import { plant } from './plant.ts';
import './checksum-forgotten.ts';

/** Reads ranges of an object whatever version of it is there. */
plant('/connectors/s3/s3-ranges.ts', [['IfMatch: etagOf(version), Range:', 'Range:']]);
