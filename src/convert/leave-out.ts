import { loadConnectorConfig } from '../config/connector-config.ts';
import { entriesOf } from '../config/read/config-entry.ts';
import { invalidConfig, type Problem } from '../config/read/problem.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import { createPluginLoader } from '../loader/plugin-loader.ts';
import type { Conversion } from './conversion.ts';

/** A value that is taken from elsewhere, which is perhaps only here not to be had. */
const REFERENCE = /\$\{[\w-]+:/;

/**
 * Takes out of a feed what `validate` refuses in it, and notes it in the words of `validate`: an option that is otherwise
 * here, or a transformation that would do nothing right.
 *
 * @throws HeadraceError CONFIG_INVALID when the connector itself lacks something
 */
export async function leaveOutWrong(
  conversion: Conversion,
  file: string,
  worker: WorkerConfig,
): Promise<void> {
  for (;;) {
    const problems = await problemsOf(conversion, worker);
    if (problems.length === 0) return;
    const left = problems.filter((problem) => !leaveOut(conversion, problem));
    if (left.length > 0) throw invalidConfig(left.map((problem) => ({ ...problem, file })));
  }
}

async function problemsOf({ lines }: Conversion, worker: WorkerConfig): Promise<readonly Problem[]> {
  const values = Object.fromEntries([...lines.values()].map(({ key, value }) => [key, value]));
  const { problems } = await loadConnectorConfig(
    entriesOf(values, 'feed'),
    createPluginLoader(worker),
    worker,
  );
  return problems.filter(({ key }) => !REFERENCE.test(values[key ?? ''] ?? ''));
}

/** False when the feed needs what is wrong. */
function leaveOut(conversion: Conversion, { key, message }: Problem): boolean {
  const label = /^transforms\.([^.]+)\./.exec(key ?? '')?.[1];
  if (label !== undefined && conversion.isForeign(label)) {
    conversion.dropStage(label, `left out, as ${key} is wrong here: ${message}`);
    return true;
  }
  if (key === null || !conversion.lines.has(key) || NEEDED.includes(key)) return false;
  conversion.dropLine(key, `left out: ${message}`);
  return true;
}

const NEEDED = [
  'name',
  'connector.class',
  'transforms',
  'input.path',
  'transforms.parse.type',
  'transforms.route.topic',
];
