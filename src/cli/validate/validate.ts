import { FieldWalk, type UnreadFile } from '../../config/check/field-walk.ts';
import { configKind } from '../../config/config-kind.ts';
import { type ConnectorConfig, loadConnectorConfig } from '../../config/connector-config.ts';
import { workerConverterProblems } from '../../config/connector-converter.ts';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { entriesOf, problemAt, wholeOf } from '../../config/read/config-entry.ts';
import { readConfigFile } from '../../config/read/config-file.ts';
import type { Environment } from '../../config/read/environment.ts';
import type { Problem } from '../../config/read/problem.ts';
import { withOthers } from '../../config/read/problem.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { askWorkerStores, parseWorkerConfig } from '../../config/worker-config.ts';
import { createPluginLoader } from '../../loader/plugin-loader.ts';
import type { Feed } from '../../runtime/worker/feed.ts';
import { conflictsOf } from '../../runtime/worker/side-by-side.ts';
import { EXIT } from '../exit-codes.ts';
import { print } from '../print.ts';
import { type CheckedFile, type ReportFormat, report, type TextOutput } from './report.ts';
import type { Probe } from './validate-probe.ts';

export interface ValidateOptions {
  /** How mistakes are told; lines for people when not set. */
  readonly format?: ReportFormat | undefined;
  /** The worker's configuration that the feeds are for, checked as well; by default the first one among the files. */
  readonly worker?: string | null | undefined;
  /** Asks Kafka, the schema registry and the disks as well. */
  readonly probe?: boolean | undefined;
  readonly environment?: Environment | undefined;
  readonly stdout?: TextOutput | undefined;
  readonly stderr?: TextOutput | undefined;
}

interface ReadFile extends CheckedFile {
  readonly config: ConfigEntries;
}

/**
 * Finds every mistake in feeds and workers' configurations. Gives the exit code: 0 when all are right, else 2, or 4 when
 * something that was asked is only away.
 */
export async function validateFiles(
  files: readonly string[],
  options: ValidateOptions = {},
): Promise<number> {
  const environment = options.environment ?? process.env;
  const given = options.worker == null ? files : [options.worker, ...files];
  const read = await Promise.all([...new Set(given)].map((file) => readFile(file, environment)));
  const { worker, ofEnvironment } = workerFor(read, environment);
  const names = new Map<string, string>();
  const checked: CheckedFile[] = ofEnvironment.length > 0 ? [environmentWith(ofEnvironment)] : [];
  const feeds: Feed[] = [];
  for (const file of read) {
    const { problems, feed } = await checkFile(file, worker, environment);
    if (feed !== null) feeds.push({ entries: file.config, config: feed });
    checked.push({ file: file.file, kind: file.kind, problems: [...problems, ...sharedName(file, names)] });
  }
  const conflicts = conflictsOf(feeds).map((problem): Problem => ({ ...problem, code: 'conflict' }));
  const byFile = Map.groupBy(conflicts, ({ file }) => file);
  const all = checked.map((file) => ({
    ...file,
    problems: [...file.problems, ...(byFile.get(file.file) ?? [])],
  }));
  const isRight = all.every(({ problems }) => problems.length === 0);
  const probed = options.probe ? await probeAll(read, feeds) : null;
  const { format = 'text', stdout = { write: print }, stderr = process.stderr } = options;
  report(withProbe(all, probed), format, { stdout, stderr });
  for (const note of [...worker.warnings, ...(probed?.notes ?? [])]) stderr.write(`${note}\n`);
  if (!isRight) return EXIT.usage;
  return probed === null ? EXIT.ok : probed.exitCode;
}

/** With the worker that the feeds would run with: a default one would only be asked by mistake. Without a probe nothing of Kafka is loaded. */
async function probeAll(read: readonly ReadFile[], feeds: readonly Feed[]): Promise<Probe> {
  const { probe } = await import('./validate-probe.ts');
  const { workerOption } = await import('../worker-option.ts');
  const given = read.find(({ kind }) => kind === 'worker')?.file;
  const worker = await workerOption(given);
  const configs = new Map(read.map(({ file, config }) => [file, config]));
  return probe({ worker, subject: given ?? 'environment', feeds }, configs);
}

function withProbe(checked: readonly CheckedFile[], probed: Probe | null): readonly CheckedFile[] {
  if (probed === null) return checked;
  const found = new Map(probed.problems);
  const files = checked.map((file) => {
    const problems = [...file.problems, ...(found.get(file.file) ?? [])];
    found.delete(file.file);
    return { ...file, problems };
  });
  const others = [...found].map(([file, problems]): CheckedFile => ({ file, kind: null, problems }));
  return [...files, ...others];
}

async function readFile(file: string, environment: Environment): Promise<ReadFile> {
  const { config: written, problems } = readConfigFile(file);
  const kind = configKind(written);
  const config = kind === 'worker' ? await askWorkerStores(written, environment) : written;
  if (kind !== null || problems.length > 0) return { file, config, kind, problems };
  const message =
    'expected a feed (with connector.class) or a worker config (with bootstrap.servers), got neither';
  const problem = { file, line: null, column: null, key: null, message, code: 'unreadable' } as const;
  return { file, config, kind, problems: [problem] };
}

/**
 * A worker that cannot be read is reported as its own file, or as the environment where that is all there is; feeds are
 * then checked against the defaults.
 */
function workerFor(
  files: readonly ReadFile[],
  environment: Environment,
): { worker: WorkerConfig; ofEnvironment: readonly Problem[] } {
  const given = files.find(({ kind }) => kind === 'worker');
  const fallback = entriesOf({ 'bootstrap.servers': 'localhost:9092' }, 'worker');
  const inVariables = parseWorkerConfig(fallback, environment);
  const config =
    (given && parseWorkerConfig(given.config, environment).config) ??
    inVariables.config ??
    parseWorkerConfig(fallback, {}).config;
  return {
    worker: config as WorkerConfig,
    ofEnvironment: given === undefined ? inVariables.problems : [],
  };
}

function environmentWith(problems: readonly Problem[]): CheckedFile {
  return { file: 'environment', kind: null, problems };
}

async function checkFile(
  file: ReadFile,
  worker: WorkerConfig,
  environment: Environment,
): Promise<Pick<CheckedFile, 'problems'> & { readonly feed: ConnectorConfig | null }> {
  if (file.problems.length === 0) return checkEntries(file, worker, environment);
  if (file.config.entries.size === 0) return { problems: file.problems, feed: null };
  const { problems } = await checkEntries(file, worker, environment);
  return { problems: withOthers(file.problems, problems), feed: null };
}

async function checkEntries(
  file: ReadFile,
  worker: WorkerConfig,
  environment: Environment,
): Promise<Pick<CheckedFile, 'problems'> & { readonly feed: ConnectorConfig | null }> {
  if (file.kind === null) return { problems: [], feed: null };
  if (file.kind === 'feed') {
    const plugins = createPluginLoader(worker);
    const { config, problems } = await loadConnectorConfig(file.config, plugins, worker, environment);
    if (config === null) return { problems, feed: null };
    const { unread } = await FieldWalk.of(config.transformations);
    return { problems: unread.map((one) => unreadProblem(one, file.config)), feed: config };
  }
  const { config, problems } = parseWorkerConfig(file.config, environment);
  if (config === null) return { problems, feed: null };
  const plugins = createPluginLoader(config);
  return { problems: await workerConverterProblems(config, file.config, plugins), feed: null };
}

/** A worker that has the file where it runs takes the feed: only who asks whether it is right is told. */
function unreadProblem({ place, reason }: UnreadFile, { entries, origin }: ConfigEntries): Problem {
  return problemAt(entries.get(`${place}.type`) ?? wholeOf(origin), place, reason);
}

/** Two feeds of one name would write each other's offsets. */
function sharedName({ file, kind, config }: ReadFile, names: Map<string, string>): Problem[] {
  const entry = kind === 'feed' ? config.entries.get('name') : undefined;
  if (entry === undefined) return [];
  const other = names.get(entry.text);
  if (other === undefined) names.set(entry.text, file);
  if (other === undefined) return [];
  const problem = problemAt(entry, 'name', `is the name of the feed in ${other} as well`);
  return [{ ...problem, code: 'conflict' }];
}
