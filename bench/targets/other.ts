import type { Target } from './target.ts';

/** Any command; `{file}`, `{bootstrap}` and `{topic}` in it are filled in. A shell runs it, so a pipe may be one. */
export function otherCommand(template: string): Target {
  return {
    name: template.split(' ')[0] || template,
    transactional: false,
    command({ csvPath, cluster, topic }) {
      const filled = template
        .replaceAll('{file}', csvPath)
        .replaceAll('{bootstrap}', cluster.bootstrapServers)
        .replaceAll('{topic}', topic);
      return ['sh', '-c', filled];
    },
    loadMs: () => null,
    expected: () => null,
  };
}
