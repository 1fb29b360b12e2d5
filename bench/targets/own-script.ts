import { fileURLToPath } from 'node:url';
import type { Job, Target } from './target.ts';

/** A script beside this, as BOOTSTRAP TOPIC FILE with values and more; it prints `{"loadMs": …}`. */
export function ownScript(
  module: string,
  more: (job: Job) => readonly string[] = () => [],
): Pick<Target, 'command' | 'loadMs'> {
  const script = fileURLToPath(new URL(module, import.meta.url));
  return {
    command: (job) => [
      ...[process.execPath, '--no-warnings', script],
      ...[job.cluster.bootstrapServers, job.topic, job.valuesPath, ...more(job)],
    ],
    loadMs: ({ stdout }) => (JSON.parse(stdout) as { loadMs: number }).loadMs,
  };
}
