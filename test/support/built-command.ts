import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `headrace` as users have it. `npm test` builds it first. */
export const BUILT_COMMAND = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

if (!existsSync(BUILT_COMMAND))
  throw new Error(`${BUILT_COMMAND} is missing; run npm test, or npm run build`);
