import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { javaCommand, QUICK_START } from '../../scripts/stack/engine.ts';
import { kafkaClassPath } from '../../scripts/stack/maven.ts';

const HARNESS = fileURLToPath(new URL('Harness.java', import.meta.url));

/** Some answers depend on the worker's time zone and language: those of most servers. */
const JAVA_OPTIONS = ['-Duser.timezone=UTC', '-Duser.language=en', '-Duser.country=US'];

/** Puts questions to Kafka Connect's own classes, and gives its answers in the same order. Needs Java 17 and Maven. */
export async function askConnect(questions: readonly unknown[]): Promise<unknown[]> {
  const classPath = await kafkaClassPath();
  const java = spawn(javaCommand(), [...QUICK_START, ...JAVA_OPTIONS, '-cp', classPath, HARNESS], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  java.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  java.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const [code] = await once(java, 'close');
  if (code !== 0) throw new Error(`the harness ended with code ${code}`);
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
