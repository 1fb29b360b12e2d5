import { registerHooks } from 'node:module';

/** The contract that the running Headrace uses, whatever copy a plugin's folder may hold. */
const CONTRACT = new URL(`../plugin/index${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
  .href;

let provided = false;

/** Lets plugins anywhere import `headrace/plugin`: they need nothing installed beside them to run. Once per thread. */
export function providePluginContract(): void {
  if (provided) return;
  provided = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'headrace/plugin' ? { url: CONTRACT, shortCircuit: true } : next(specifier, context),
  });
}
