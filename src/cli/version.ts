import { readFileSync } from 'node:fs';
import { PACKAGE_JSON } from '../own-modules.ts';

/** Of Headrace. */
export const { version } = JSON.parse(readFileSync(PACKAGE_JSON, 'utf8')) as { version: string };
