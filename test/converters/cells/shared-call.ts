import { loadKernel } from '../../../src/rows/index.ts';

type SharedCall = (shared: number, program: number, at: number, bytes: number, row: number) => number;

/** `(func (export "call") …)` that calls one of the shared functions by its number, as kernels do. */
const CALL = Buffer.from(
  [
    // Magic and version.
    '0061736d 01000000',
    // Types: of a writer, four words to one; of this function, five to one.
    '01 12 02 60 04 7f7f7f7f 01 7f 60 05 7f7f7f7f7f 01 7f',
    // The imported table, `env.table`.
    '02 0f 01 03 656e76 05 7461626c65 01 70 00 00',
    // One function, of the second type, exported as `call`.
    '03 02 01 01',
    '07 08 01 04 63616c6c 00 00',
    // Pushes the arguments behind the first, then the first: which function.
    '0a 11 01 0f 00 2001 2002 2003 2004 2000 110000 0b',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/** Calls the function with a number from `shareFunction`. */
export const { call: callShared } = loadKernel<{ call: SharedCall }>(CALL);
