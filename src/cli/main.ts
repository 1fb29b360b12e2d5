#!/usr/bin/env node
import { endAtSignals } from './end-at-signals.ts';
import { nodeMistake } from './node-version.ts';

/*
 * What comes first runs on any Node, if only to say that it is too old. Everything else is loaded behind that, and the
 * cache of compiled code is there before what is to be kept in it.
 */
endAtSignals();
const mistake = nodeMistake(process.versions.node);
if (mistake === null) {
  const { useCompileCache } = await import('./compile-cache.ts');
  useCompileCache();
  const { runCommandLine } = await import('./command-line.ts');
  await runCommandLine();
} else {
  console.error(mistake);
  process.exitCode = 2;
}
