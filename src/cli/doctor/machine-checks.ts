import { readFileSync } from 'node:fs';
import { PACKAGE_JSON } from '../../own-modules.ts';
import { type Check, failed, passed } from './check.ts';

/** What Headrace itself needs. */
export function* machineChecks(): Generator<Check> {
  const { engines } = JSON.parse(readFileSync(PACKAGE_JSON, 'utf8')) as { engines: { node: string } };
  const needed = engines.node.replace('>=', '');
  const about = { subject: 'environment', key: 'node' };
  const found = process.versions.node;
  if (isAtLeast(found, needed)) yield passed(about, found);
  else yield failed(about, `expected Node.js ${needed} or later, got ${found}; install a newer one`);
}

function isAtLeast(found: string, needed: string): boolean {
  return found.localeCompare(needed, 'en', { numeric: true }) >= 0;
}
