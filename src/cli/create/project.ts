import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { OWN_VERSION } from '../../own-modules.ts';
import type { StarterFile } from './starters.ts';

const TEST = 'node --test';

/** What tests and an editor need beside plugins. The two last options are what Node asks of TypeScript that it runs. */
const PROJECT = {
  'package.json': { private: true, type: 'module', scripts: { test: TEST } },
  'tsconfig.json': {
    compilerOptions: {
      target: 'ES2023',
      module: 'NodeNext',
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
    },
  },
};

/** What `npm init` writes. */
const NO_TEST = /no test specified/;

interface PackageFile {
  readonly type?: string;
  readonly scripts?: { readonly test?: string };
}

/** The files of a project of plugins that a folder lacks. */
export function missingProjectFiles(folder: string): StarterFile[] {
  return Object.entries(PROJECT)
    .filter(([path]) => !existsSync(join(folder, path)))
    .map(([path, content]) => ({ path, text: `${JSON.stringify(content, null, 2)}\n` }));
}

export interface Step {
  readonly command: string;
  readonly why: string;
}

/** How to run a test of a plugin, and what is to be done before: nobody's package.json is changed without them. */
export function testSteps(folder: string, test: string): Step[] {
  const { type, scripts = {} } = packageFile(join(folder, 'package.json'));
  const script = scripts.test === undefined || NO_TEST.test(scripts.test) ? null : scripts.test;
  const wanted = [
    ...(type === 'module' ? [] : ['type=module']),
    ...(script === null ? [`scripts.test="${TEST}"`] : []),
  ];
  const steps: Step[] = [];
  if (wanted.length > 0)
    steps.push({ command: `npm pkg set ${wanted.join(' ')}`, why: 'which your package.json lacks' });
  if (!isInstalled(folder, 'headrace/testing'))
    steps.push({
      command: `npm install ./headrace-${OWN_VERSION}.tgz`,
      why: 'tests import headrace/testing',
    });
  if (!isInstalled(folder, '@types/node/package.json'))
    steps.push({ command: 'npm install --save-dev @types/node', why: 'for your editor' });
  const isOurs = script === null || script.includes(TEST);
  steps.push({ command: isOurs ? 'npm test' : `${TEST} ${test}`, why: 'edit both files, and again' });
  return steps;
}

/** Nothing of one that is no JSON, which npm tells better. */
function packageFile(path: string): PackageFile {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as PackageFile | null) ?? {};
  } catch {
    return {};
  }
}

function isInstalled(folder: string, name: string): boolean {
  try {
    createRequire(join(folder, 'package.json')).resolve(name);
    return true;
  } catch {
    return false;
  }
}
