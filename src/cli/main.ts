#!/usr/bin/env node
import { nodeMistake } from './node-version.ts';

/*
 * What comes first runs on any Node, if only to say that it is too old: everything else is loaded behind that.
 */
const mistake = nodeMistake(process.versions.node);
if (mistake === null) await import('./start.ts');
else {
  console.error(mistake);
  process.exitCode = 2;
}
