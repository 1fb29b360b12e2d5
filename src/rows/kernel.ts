import { kernelMemory } from './arena.ts';
import { Instance, Module, Table } from './web-assembly.ts';

const TABLE_SIZE = 16;

const KERNELS = new Map<Uint8Array, unknown>();
/** The functions that are in the table, by their numbers. */
const SHARED = new Map<unknown, number>();
let table: Table | null = null;

/**
 * The kernel of a code (`#kernels/…`), one in each thread: functions in WebAssembly that do many rows at once, on the
 * cells in `kernelMemory`.
 */
export function loadKernel<Exports>(code: Uint8Array): Exports {
  let kernel = KERNELS.get(code);
  if (kernel === undefined) {
    const env = { memory: kernelMemory(), table: kernelTable() };
    kernel = new Instance(new Module(code), { env }).exports;
    KERNELS.set(code, kernel);
  }
  return kernel as Exports;
}

/** Lets other kernels call a kernel's function, by the number it gets. */
export function shareFunction(shared: unknown): number {
  let number = SHARED.get(shared);
  if (number === undefined) {
    // 0 stands for none.
    number = SHARED.size + 1;
    kernelTable().set(number, shared);
    SHARED.set(shared, number);
  }
  return number;
}

function kernelTable(): Table {
  table ??= new Table({ element: 'anyfunc', initial: TABLE_SIZE });
  return table;
}
