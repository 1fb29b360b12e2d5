import { kernelMemory } from './kernel-memory.ts';
import { Instance, Module, Table } from './web-assembly.ts';

const TABLE_SIZE = 16;

let table: Table | null = null;
let tableEnd = 1;

/**
 * Makes a kernel of its code (`#kernels/…`): functions in WebAssembly that do many rows at once, on the cells in
 * `kernelMemory`. `imports` are what else it calls.
 */
export function loadKernel<Exports>(code: Uint8Array, imports: Record<string, unknown> = {}): Exports {
  const { exports } = new Instance(new Module(code), {
    env: { memory: kernelMemory(), table: kernelTable() },
    imports,
  });
  return exports as Exports;
}

/** Lets other kernels call a kernel's function, by the number it gets. */
export function shareFunction(shared: unknown): number {
  const index = tableEnd++;
  kernelTable().set(index, shared);
  return index;
}

function kernelTable(): Table {
  table ??= new Table({ element: 'anyfunc', initial: TABLE_SIZE });
  return table;
}
