import { basename } from 'node:path';
import type { ConfigValues } from '../../plugin/index.ts';
import { internalTopicProblem, topicNameProblem } from '../../values/topic-name.ts';
import type { CONNECTOR_OPTIONS } from '../define/connector-definition.ts';
import { parseErrorLimit } from '../define/error-limit.ts';
import { parseLabels } from '../define/labels.ts';
import type { ParserStage, TransformationStage } from '../define/plugin-instance.ts';
import type { Problem } from '../read/problem.ts';
import { nameMeant, shownName, shownNames } from './field-names.ts';
import { FieldWalk } from './field-walk.ts';
import { checkHandOver } from './hand-over-rules.ts';
import { labelNameMistake } from './metrics-labels.ts';
import { replicationMistake } from './topic-rules.ts';

type Options = ConfigValues<typeof CONNECTOR_OPTIONS>;

/** What is found wrong with a feed: so far, and from now on. */
interface Findings {
  readonly problems: readonly Problem[];
  problem(key: string, message: string): void;
}

type Report = (key: string, message: string | null) => void;

/** Finds mistakes in a feed's own options that a format cannot. Options that are wrong in themselves are passed over. */
export function checkConnector(
  findings: Findings,
  options: Options,
  internal: ReadonlyMap<string, string>,
): void {
  const wrong = new Set(findings.problems.map(({ key }) => key));
  const report: Report = (key, message) => {
    if (message !== null && !wrong.has(key)) findings.problem(key, message);
  };
  checkValues(options, report);
  checkTopics(options, internal, report);
  checkHandOver(options, report);
  // These rules are about several options at once: nothing follows while one of them is wrong.
  if (!ERROR_HANDLING.some((key) => wrong.has(key))) checkErrorHandling(options, report);
}

const ERROR_HANDLING = [
  'errors.tolerance',
  'errors.deadletterqueue.topic.name',
  'errors.deadletterqueue.file',
];

function checkValues(options: Options, report: Report): void {
  if (options.name !== null) report('name', connectorNameMistake(options.name));
  if (options.tasksMax === 0) report('tasks.max', 'expected at least 1, got 0');
  const { errorsMax, errorsRetryDelayMs, errorsRetryDelayMaxMs } = options;
  if (errorsMax !== null && parseErrorLimit(errorsMax) === null) {
    report('errors.max', `expected a number of rows or a share such as 1%, got ${JSON.stringify(errorsMax)}`);
  }
  if (errorsRetryDelayMs > errorsRetryDelayMaxMs) {
    const message = `expected at most errors.retry.delay.max.ms, ${errorsRetryDelayMaxMs}, got ${errorsRetryDelayMs}`;
    report('errors.retry.delay.ms', message);
  }
  if (options.transactionBoundaryIntervalMs === 0) {
    report('transaction.boundary.interval.ms', 'expected at least 1, got 0');
  }
  const labels = parseLabels(options.placement);
  report('placement', typeof labels === 'string' ? labels : null);
  report('placement.marker', markerMistake(options.placementMarker));
  for (const label of Object.keys(options.metricsLabels)) {
    report(`metrics.labels.${label}`, labelNameMistake(label));
  }
}

/** A file that is not hidden might be loaded by its feed, and be moved away. */
function markerMistake(marker: string | null): string | null {
  if (marker === null || basename(marker).startsWith('.')) return null;
  return `expected a file whose name begins with a dot, such as .${basename(marker)}, so that no feed loads it, got ${JSON.stringify(marker)}`;
}

/** What is wrong with a connector's name, or null. Names are parts of REST paths, file names and topic keys. */
function connectorNameMistake(name: string): string | null {
  const shown = JSON.stringify(name);
  if (name.trim() === '') return 'expected a name, got nothing';
  if (name.trim() !== name) return `expected a name without spaces around it, got ${shown}`;
  if (/[/\\]/.test(name)) return `expected a name without / and \\, got ${shown}`;
  if (/\p{Cc}/u.test(name)) return `expected a name without control characters, got ${shown}`;
  if (name === '.' || name === '..') return `expected a name, got the path ${shown}`;
  return null;
}

/** A topic that a stage names outright; one that is made of a row's values is looked at with the row. */
export function checkRoutes(
  findings: Findings,
  stages: readonly TransformationStage[],
  internal: ReadonlyMap<string, string>,
): void {
  for (const { label, plugin, values } of stages) {
    const option = TOPIC_OPTIONS[plugin.name];
    const topic: unknown = option === undefined ? undefined : (values as Record<string, unknown>)[option];
    const whose = typeof topic === 'string' ? internal.get(topic) : undefined;
    if (whose === undefined) continue;
    findings.problem(`transforms.${label}.${option}`, internalTopicProblem(String(topic), whose));
  }
}

/** Stages of ours give a row its topic by `route` alone; of a plugin's nothing is known before it runs. */
export function checkSomeRoute(
  findings: Findings,
  stages: readonly TransformationStage[],
  isOurs: (stage: TransformationStage) => boolean,
): void {
  const mayRoute = ({ plugin, values }: TransformationStage) =>
    plugin.name === 'route' && (values as Record<string, unknown>).topic !== null;
  if (stages.some((stage) => !isOurs(stage) || mayRoute(stage))) return;
  if (hasWrongStage(findings)) return;
  const message =
    'give no row a topic, so none could be delivered; add a transformation of type route with a topic';
  findings.problem('transforms', message);
}

/** Headers that are held against each other must be those of the files. */
export function checkHeaders(
  findings: Findings,
  { onHeaderChange, expectColumns }: Options,
  { label, plugin, values }: ParserStage,
): void {
  if (onHeaderChange === 'map') {
    const message =
      'has no effect while on.header.change is map; set that to fail or quarantine, or leave it out';
    if (expectColumns.length > 0) findings.problem('expect.columns', message);
    return;
  }
  if ((plugin.columns?.(values) ?? null) === null) return;
  const message = `is ${onHeaderChange}, but no header is read: transforms.${label} names the columns of all files; leave it out`;
  findings.problem('on.header.change', message);
}

/** Names of fields that no row can have, whatever its file: the feed declares its columns, or a schema the fields. */
export async function checkFields(
  findings: Findings,
  { plugin, values }: ParserStage,
  stages: readonly TransformationStage[],
): Promise<void> {
  // Whatever is wrong with a stage may be why a name is not known behind it.
  if (hasWrongStage(findings)) return;
  const walk = await FieldWalk.of(stages);
  for (const { place, key, name, among } of walk.lacking(plugin.columns?.(values) ?? null)) {
    const meant = nameMeant(name, among);
    const problem = `no row has a field ${shownName(name)} there, but ${shownNames(among)}`;
    findings.problem(`${place}.${key}`, meant === null ? problem : `${problem}; ${meant}`);
  }
}

/** The options by which stages of ours name a topic. */
const TOPIC_OPTIONS: Readonly<Record<string, string>> = { route: 'topic', RegexRouter: 'replacement' };

function hasWrongStage({ problems }: Findings): boolean {
  return problems.some(({ key }) => key !== null && /^(?:transforms|predicates)\b/.test(key));
}

function checkTopics(options: Options, internal: ReadonlyMap<string, string>, report: Report): void {
  report(
    'errors.deadletterqueue.topic.replication.factor',
    replicationMistake(options.errorsDeadletterqueueTopicReplicationFactor),
  );
  const { errorsDeadletterqueueTopicName: letters, endOfFileTopic: ends } = options;
  if (letters !== null) report('errors.deadletterqueue.topic.name', topicMistake(letters, internal));
  if (ends !== null) report('end.of.file.topic', endsMistake(ends, letters, internal));
}

function topicMistake(topic: string, internal: ReadonlyMap<string, string>): string | null {
  const whose = internal.get(topic);
  return whose === undefined ? topicNameProblem(topic) : internalTopicProblem(topic, whose);
}

function endsMistake(
  topic: string,
  letters: string | null,
  internal: ReadonlyMap<string, string>,
): string | null {
  const whose = topic === letters ? "the feed's dead-letter topic" : internal.get(topic);
  if (whose === undefined) return topicNameProblem(topic);
  return `expected a topic of its own, got ${JSON.stringify(topic)}, which is ${whose}`;
}

function checkErrorHandling(options: Options, report: Report): void {
  const { errorsDeadletterqueueTopicName: topic, errorsDeadletterqueueFile: file, errorsMax } = options;
  if (options.errorsTolerance === 'all') {
    if (topic === null && file === null) {
      report(
        'errors.tolerance',
        'all without a dead-letter queue: bad rows would be dropped; set errors.deadletterqueue.topic.name or errors.deadletterqueue.file',
      );
    }
    return;
  }
  const message = 'has no effect while errors.tolerance is none; set errors.tolerance: all, or leave it out';
  if (topic !== null) report('errors.deadletterqueue.topic.name', message);
  if (file !== null) report('errors.deadletterqueue.file', message);
  if (errorsMax !== null) report('errors.max', message);
}
