import { useCompileCache } from './compile-cache.ts';

useCompileCache();
// Not a static import, which would be compiled before the cache is there.
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine();
