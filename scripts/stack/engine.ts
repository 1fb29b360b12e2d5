import { join } from 'node:path';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

/** What runs the servers: containers, or Java with the jars that Maven fetched. */
export type Engine = 'docker' | 'java';

const OLDEST_JAVA = 17;
const PROBE_TIMEOUT_MS = 10_000;

/**
 * Docker if an engine answers, else Java. The environment variable HEADRACE_STACK (docker or java) overrides it.
 *
 * @throws StackError when the machine has neither.
 */
export async function chooseEngine(): Promise<Engine> {
  const wanted = process.env.HEADRACE_STACK;
  if (wanted === 'docker' || wanted === 'java') return wanted;
  if (wanted) throw new StackError(`HEADRACE_STACK must be docker or java, not "${wanted}".`);
  if (await dockerAnswers()) return 'docker';
  if (await javaServes()) return 'java';
  throw new StackError(
    `No Docker engine answers and there is no Java ${OLDEST_JAVA} or newer: start Docker, or install a JDK ${OLDEST_JAVA}+ and Maven.`,
  );
}

/** The Java launcher, or another tool of Java: that of JAVA_HOME, else the one on the path. */
export function javaCommand(tool: 'java' | 'javac' = 'java'): string {
  const home = process.env.JAVA_HOME;
  return home ? join(home, 'bin', tool) : tool;
}

/** For Java that lives as long as a test: without the optimising compiler it is ready with half the work. */
export const QUICK_START: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** A client without an engine is common, so only an answer that names the server's version counts. */
export async function dockerAnswers(): Promise<boolean> {
  const { code, stdout } = await run('docker', ['info', '--format', '{{.ServerVersion}}'], {
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  return code === 0 && stdout.trim() !== '';
}

async function javaServes(): Promise<boolean> {
  const { code, stderr } = await run(javaCommand(), ['-version'], { timeoutMs: PROBE_TIMEOUT_MS });
  const major = /version "(\d+)/.exec(stderr)?.[1];
  return code === 0 && Number(major) >= OLDEST_JAVA;
}
