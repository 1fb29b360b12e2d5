/** WebAssembly that `scripts/build-kernels.ts` has compiled. */
declare module '#kernels/*' {
  const code: Uint8Array;
  export default code;
}
