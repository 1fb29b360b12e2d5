import { release, watch } from './guard.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

/** Starts a container that goes with this process; `args` are what `docker run` takes. */
export async function runContainer(name: string, args: readonly string[]): Promise<void> {
  watch({ kind: 'container', id: name });
  await docker(['run', '--detach', '--name', name, ...args]);
}

export async function removeContainers(names: readonly string[]): Promise<void> {
  await docker(['rm', '--force', '--volumes', ...names]);
  for (const name of names) release({ kind: 'container', id: name });
}

/** What a command of Docker printed. Throws a StackError with its words when it fails. */
export async function docker(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run('docker', args);
  if (code === 0) return stdout;
  throw new StackError(`docker ${args[0]} failed: ${stderr.trim()}`);
}
