/** What of https://webassembly.github.io/spec/js-api/ is used here; TypeScript has it for browsers only. */
interface WebAssemblyApi {
  readonly Memory: new (descriptor: { initial: number; maximum: number }) => Memory;
  readonly Table: new (descriptor: { element: 'anyfunc'; initial: number }) => Table;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: unknown };
}

export interface Memory {
  readonly buffer: ArrayBuffer;
}

export interface Table {
  set(index: number, value: unknown): void;
}

export const { Memory, Table, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi })
  .WebAssembly;
