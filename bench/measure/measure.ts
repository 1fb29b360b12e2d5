import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BenchError } from '../bench-error.ts';
import { COUNT_FD, countingCommand, instructionsIn } from './instructions.ts';
import { ProcessWatch } from './process-watch.ts';

/** A program and its arguments. */
export type Command = readonly string[];

export interface Measured {
  /** Of the whole process. */
  readonly wallMs: number;
  /** User and system, all threads, all processes it started and waited for. */
  readonly cpuMs: number;
  /** In user mode, of the same; null where the machine does not count them. They vary less than its time does. */
  readonly instructions: number | null;
  /** null where the system has no /proc. */
  readonly peakRssBytes: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `times` tells what the system counted for children that have ended, and so treats every command alike; bash tells
 * it to the millisecond where other shells round. The answer goes to a descriptor that the command does not have.
 */
const SCRIPT = '"$@" 3>&-; code=$?; times >&3; exit $code';
const SHOWN_LINES = 12;

/**
 * Runs a command to its end and tells what it took. `hopeless` knows a line of its standard error after which there
 * is nothing to wait for.
 *
 * @throws BenchError when it fails, with the end of what it wrote to standard error.
 */
export async function measure(
  command: Command,
  hopeless: (line: string) => boolean = () => false,
): Promise<Measured> {
  const startedAt = performance.now();
  const child = spawn('bash', ['-c', SCRIPT, 'bash', ...countingCommand(), ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: withoutHeadraceVariables(process.env),
  });
  if (child.pid === undefined)
    throw new BenchError('bash cannot be started; it tells the CPU time of the commands');
  const watched = new ProcessWatch(child.pid);
  createInterface({ input: child.stderr as Readable }).on(
    'line',
    (line) => hopeless(line) && watched.endAll(),
  );
  const ended = once(child, 'close').then(() => performance.now() - startedAt);
  const [stdout, stderr, times, counted, wallMs] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
    text(child.stdio[COUNT_FD] as Readable),
    ended,
  ]);
  const peakRssBytes = watched.stop();
  if (child.exitCode !== 0) throw failed(command, child.exitCode, stderr);
  const instructions = instructionsIn(counted);
  return { wallMs, cpuMs: childrenMs(times), instructions, peakRssBytes, stdout, stderr };
}

/** The second line of what `times` prints: user and system time of the children, each like `1m2.340s`. */
function childrenMs(times: string): number {
  const [user, system] = (times.trim().split('\n')[1] ?? '').split(' ').map((part) => {
    const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(part) ?? [];
    return (Number(minutes) * 60 + Number(seconds)) * 1000;
  });
  const total = (user ?? Number.NaN) + (system ?? Number.NaN);
  if (Number.isNaN(total))
    throw new BenchError(`bash: times: expected four times, got ${JSON.stringify(times)}`);
  return total;
}

function failed(command: Command, code: number | null, stderr: string): BenchError {
  const tail = stderr.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  return new BenchError(`${command.join(' ')}\nended with exit code ${code}:\n${tail}`);
}

/** They would win over the files of the benchmark. */
function withoutHeadraceVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('HEADRACE_')));
}
