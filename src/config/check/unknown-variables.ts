import { whyMeaningless } from '../define/connect-worker-keys.ts';
import type { KnownKeys } from '../define/scope.ts';
import type { ConfigEntry } from '../read/config-entry.ts';
import { REFERENCE } from '../read/config-providers.ts';
import { type Environment, environmentName, keyOfVariable, workerVariables } from '../read/environment.ts';
import { type Problem, renderProblem } from '../read/problem.ts';
import { meantKey } from './unknown-keys.ts';

/** Commands that ask a running worker take them; they say nothing of a worker's configuration. */
const OF_COMMANDS = ['HEADRACE_URL', 'HEADRACE_TOKEN', 'HEADRACE_PASSWORD'];

/** What Kubernetes sets in each pod for a service whose name begins with headrace. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/**
 * Variables that are named as those of keys are, and set none. One that is nearly a key's is a mistake, as in a file. Any
 * other may be somebody's own, for the `${env:…}` of a feed or for another program, so it is only told.
 */
export function unknownVariables(
  environment: Environment,
  entries: ReadonlyMap<string, ConfigEntry>,
  known: KnownKeys,
): { problems: readonly Problem[]; warnings: readonly string[] } {
  const names = new Set([...known.keys.map(environmentName), ...OF_COMMANDS, ...askedFor(entries)]);
  const beginnings = known.maps.map((map) => environmentName(`${map}.`));
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const name of Object.keys(workerVariables(environment))) {
    if (names.has(name) || beginnings.some((start) => name.startsWith(start) && name !== start)) continue;
    const key = keyOfVariable(name);
    const why = whyMeaningless(key);
    const meant = known.keys.includes(key) ? key : meantKey(key, known);
    if (why !== null) warnings.push(about(name, `means nothing here: ${why}`));
    else if (meant !== null)
      problems.push(about(name, `unknown environment variable; did you mean ${environmentName(meant)}?`));
    else if (!SERVICE_LINK.test(name))
      warnings.push(about(name, `sets no key of a worker; it counts only where \${env:${name}} names it`));
  }
  return { problems, warnings: warnings.map(renderProblem) };
}

/** The variables that a configuration names itself. */
function askedFor(entries: ReadonlyMap<string, ConfigEntry>): string[] {
  const references = [...entries.values()].flatMap(({ text }) => [...text.matchAll(REFERENCE)]);
  return references.filter(([, provider]) => provider === 'env').map(([, , name = '']) => name);
}

function about(name: string, message: string): Problem {
  return { code: 'unknown-key', file: null, line: null, column: null, key: name, message };
}
