import { WORKER_OPTIONS } from '../../../src/config/define/worker-definition.ts';
import { environmentName } from '../../../src/config/read/environment.ts';

const KNOWN = Object.keys(WORKER_OPTIONS).map(environmentName);

/** Those that look as if they set an option of a worker, and set none. */
export function unknownVariables(names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith('HEADRACE_') && !KNOWN.includes(name));
}
