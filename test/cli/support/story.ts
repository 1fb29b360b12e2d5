import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOf, page } from '../../docs/markdown.ts';
import { BUILT_COMMAND } from '../../support/built-command.ts';

interface Step {
  readonly command: string;
  readonly output: string;
}

/**
 * Runs the commands of a page's blocks `console story`, one after another, in a folder, with the options of a worker in
 * the environment; gives what a person sees, and what the page says of it, both without times. `after` runs after each.
 */
export async function playStory(
  path: string,
  folder: string,
  worker: Readonly<Record<string, string>>,
  after: (command: string) => Promise<void> = async () => {},
): Promise<{ shown: Step[]; written: Step[] }> {
  const env = await environment(folder, worker);
  const steps = blocksOf(page(path))
    .filter(({ note }) => note === 'story')
    .flatMap(({ text }) => stepsIn(text));
  if (steps.length === 0) throw new Error(`${path} has no story`);
  const shown: Step[] = [];
  for (const { command } of steps) {
    shown.push({ command, output: withoutTimes(await shell(command, folder, env)) });
    await after(command);
  }
  return { shown, written: steps.map((step) => ({ ...step, output: withoutTimes(step.output) })) };
}

async function environment(folder: string, worker: Readonly<Record<string, string>>) {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(
    join(folder, 'bin/headrace'),
    `#!/bin/sh\nexec '${process.execPath}' '${BUILT_COMMAND}' "$@"\n`,
  );
  await chmod(join(folder, 'bin/headrace'), 0o755);
  const options = Object.entries(worker).map(([key, value]) => [
    `HEADRACE_${key.replaceAll('.', '_').toUpperCase()}`,
    value,
  ]);
  return {
    ...process.env,
    ...Object.fromEntries(options),
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  };
}

function stepsIn(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}

/** What a person sees, of both outputs. */
function shell(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', `{ ${command}; } 2>&1`], { cwd, env }, (_, stdout) => resolve(stdout));
  });
}

function withoutTimes(text: string): string {
  return text
    .replaceAll(/in [\d.]+ m?s$/gm, 'in a while')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
    .trimEnd();
}
