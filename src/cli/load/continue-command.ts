import { basename } from 'node:path';
import type { LoadOptions } from '../../load/load-options.ts';
import type { LoadResult } from '../../load/load-result.ts';
import { shellWord } from '../../terminal/text.ts';
import { typedPath } from '../../terminal/typed-path.ts';

/**
 * The command that goes on where this one ended: the same, but what was forgotten is not forgotten again, and standard
 * input is read from where it was put.
 *
 * @param argv as in `process.argv`
 */
export function continueCommand(
  argv: readonly string[],
  result: Pick<LoadResult, 'isBegunAnew' | 'spool'>,
): string {
  const { isBegunAnew, spool } = result;
  const args = argv
    .slice(2)
    .filter((arg) => !(isBegunAnew && arg === '--restart'))
    .map((arg) => (arg === '-' && spool !== null ? spool : arg));
  return [...program(argv), ...args.map(shellWord)].join(' ');
}

/** The command that loads everything once more. */
export function restartCommand(argv: readonly string[]): string {
  return [...program(argv), ...argv.slice(2).map(shellWord), '--restart'].join(' ');
}

/** The command that sends rows once more which a load to a topic has rejected. */
export function replayCommand(argv: readonly string[], file: string, options: LoadOptions): string {
  const { topic, schema, key, delimiter, registry, worker, bootstrapServers } = options;
  const flags = {
    ...{ file, to: topic, schema, key, delimiter, registry },
    ...{ worker, 'bootstrap-server': bootstrapServers },
  };
  const args = Object.entries(flags).flatMap(([name, text]) =>
    text === undefined ? [] : [`--${name}`, text],
  );
  return [...program(argv), 'dlq', 'replay', ...args.map(shellWord)].join(' ');
}

/** As it was started: by its name, by npx, or by Node. */
function program([node = '', script = '']: readonly string[]): string[] {
  if (!/\.[jt]s$/.test(script))
    return process.env.npm_command === 'exec' ? ['npx', 'headrace'] : ['headrace'];
  return [basename(node), shellWord(typedPath(script))];
}
