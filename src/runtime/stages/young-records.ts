import { setFlagsFromString } from 'node:v8';

let isSet = false;

/**
 * Keeps V8 from making records in the old generation. It does so, for a whole process, once it has seen enough of what
 * was made by the same code outlive a collection; a million dead records there cost half a second of CPU.
 */
export function keepRecordsYoung(): void {
  if (isSet) return;
  isSet = true;
  setFlagsFromString('--no-allocation-site-pretenuring');
}
