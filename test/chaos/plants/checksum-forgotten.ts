import { plant } from './plant.ts';

/** Holds what was read of an object against no checksum. */
plant('/connectors/s3/s3-store.ts', [['const checksum = checksumOf(head);', 'const checksum = undefined;']]);
