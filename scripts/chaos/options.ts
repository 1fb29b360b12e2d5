import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly rows: number;
  /** null: as many as fall into the load. */
  readonly kills: number | null;
  readonly seed: number;
  readonly files: number;
  readonly tasks: number;
  /** Run `dist` instead of the sources. */
  readonly built: boolean;
}

export const USAGE = `Usage: npm run chaos -- [--rows 1000000] [--kills N] [--seed S] [--files 1] [--tasks 1] [--sources]

Loads N rows through the real daemon into a real broker and kills it with SIGKILL every 1 to 3 seconds.
  --kills N   exactly N kills during the load: a proxy before the broker holds the load back where it would be done
              earlier. Without it, kills go on until the load is done.
  --sources   run src/ instead of dist/`;

/** Throws an Error that says what is wrong. */
export function readOptions(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1000000' },
      kills: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      files: { type: 'string', default: '1' },
      tasks: { type: 'string', default: '1' },
      sources: { type: 'boolean', default: false },
    },
  });
  return {
    rows: count('rows', values.rows, 1),
    kills: values.kills === undefined ? null : count('kills', values.kills, 0),
    seed: count('seed', values.seed, 0),
    files: count('files', values.files, 1),
    tasks: count('tasks', values.tasks, 1),
    built: !values.sources,
  };
}

/** The command that runs the same once more. */
export function commandOf({ rows, kills, seed, files, tasks, built }: ChaosOptions): string {
  const killing = kills === null ? '' : ` --kills ${kills}`;
  const from = built ? '' : ' --sources';
  return `npm run chaos -- --rows ${rows}${killing} --seed ${seed} --files ${files} --tasks ${tasks}${from}`;
}

function count(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${option} must be a whole number of at least ${least}, got ${text}`);
}
