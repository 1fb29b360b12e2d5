import { type Problem, problemLines, renderProblem, sortProblems } from '../../config/read/problem.ts';
import { OWN_VERSION } from '../../own-modules.ts';

export const REPORT_FORMATS = ['text', 'json', 'github', 'sarif'] as const;

/** `github`: commands of a GitHub workflow, which marks the lines. `sarif`: SARIF 2.1.0, which other services read. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface TextOutput {
  write(text: string): unknown;
}

export interface Outputs {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
}

/** A file and what is wrong with it. */
export interface CheckedFile {
  readonly file: string;
  readonly kind: 'feed' | 'worker' | null;
  readonly problems: readonly Problem[];
}

/** Tells what is wrong with files, or that nothing is. */
export function report(files: readonly CheckedFile[], format: ReportFormat, outputs: Outputs): void {
  const sorted = files.map((file) => ({ ...file, problems: sortProblems(file.problems).map(withCode) }));
  if (format === 'text') return tellPeople(sorted, outputs);
  const problems = sorted.flatMap((file) =>
    file.problems.map((problem) => ({ ...problem, about: file.file })),
  );
  if (format === 'github') outputs.stdout.write(problems.map(workflowCommand).join(''));
  else outputs.stdout.write(`${JSON.stringify(format === 'json' ? plain(sorted) : sarif(problems))}\n`);
}

type CodedProblem = Problem & Required<Pick<Problem, 'code'>>;
/** With the file that it is told of, also where it is in none. */
type PlacedProblem = CodedProblem & { readonly about: string };

function withCode(problem: Problem): CodedProblem {
  return { ...problem, code: problem.code ?? 'invalid-value' };
}

function tellPeople(files: readonly CheckedFile[], { stdout, stderr }: Outputs): void {
  for (const { file, problems } of files) {
    if (problems.length === 0) stdout.write(`${file}: ok\n`);
    for (const line of problemLines(problems)) stderr.write(`${line}\n`);
  }
}

function plain(files: readonly CheckedFile[]) {
  const checked = files.map(({ file, kind, problems }) => ({
    file,
    kind,
    ok: problems.length === 0,
    problems,
  }));
  return { ok: checked.every(({ ok }) => ok), files: checked };
}

/** https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions */
function workflowCommand({ file, about, line, column, code, ...problem }: PlacedProblem): string {
  const place = { file: file ?? about, line, col: column, title: code };
  const properties = Object.entries(place)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  const message = textOf({ ...problem, line, column });
  return `::error ${properties.join(',')}::${escapedData(message)}\n`;
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
function sarif(problems: readonly PlacedProblem[]) {
  const rules = [...new Set(problems.map(({ code }) => code))].map((id) => ({ id }));
  const driver = { name: 'headrace', version: OWN_VERSION, rules };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: problems.map(sarifResult) }],
  };
}

function sarifResult({ file, about, code, ...problem }: PlacedProblem) {
  const { line, column } = problem;
  const region =
    line === null ? {} : { region: { startLine: line, ...(column !== null && { startColumn: column }) } };
  const uri = encodeURI((file ?? about).replaceAll('\\', '/'));
  return {
    ruleId: code,
    level: 'error',
    message: { text: textOf(problem) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }],
  };
}

/** Key and message: the place is told apart. */
function textOf(problem: Omit<Problem, 'file' | 'code'>): string {
  return renderProblem({ ...problem, file: null });
}
