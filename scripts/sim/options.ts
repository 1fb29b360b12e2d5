import { parseArgs } from 'node:util';
import type { PlayOptions } from './play.ts';
import { PLANTS, type Plant } from './worker.ts';

export const USAGE = `npm run sim -- [--seed N] [--seeds N] [--members N] [--tasks N] [--steps N] [--plant FAULT]

  --seed N       the first seed (1)
  --seeds N      how many, one after another (100)
  --members N    workers at first; drawn from the seed where it is not given
  --tasks N      tasks of all connectors at first; drawn from the seed
  --steps N      how many times something is disturbed; drawn from the seed
  --plant FAULT  what is wrong on purpose: ${PLANTS.join(', ')}. The first seed that finds it ends the run`;

export interface SimOptions {
  readonly seed: number;
  readonly seeds: number;
  readonly members: number | null;
  readonly tasks: number | null;
  readonly steps: number | null;
  readonly plant: Plant | null;
}

/** @throws TypeError, or an error whose message begins with the option */
export function readOptions(args: readonly string[]): SimOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seed: text, seeds: text, members: text, tasks: text, steps: text, plant: text },
  });
  const { plant = null } = values;
  if (plant !== null && !isPlant(plant))
    throw new Error(`--plant: expected ${PLANTS.join(', ')}, got ${JSON.stringify(plant)}`);
  return {
    seed: numberOf('seed', values.seed) ?? 1,
    seeds: numberOf('seeds', values.seeds) ?? 100,
    members: numberOf('members', values.members),
    tasks: numberOf('tasks', values.tasks),
    steps: numberOf('steps', values.steps),
    plant,
  };
}

/** The same for the same seed, whichever others are played with it. */
export function playOf(
  { members, tasks, steps, plant }: SimOptions,
  seed: number,
): Omit<PlayOptions, 'keepsLines'> {
  return {
    seed,
    members: members ?? 2 + (seed % 5),
    tasks: tasks ?? 3 + (seed % 17),
    steps: steps ?? 12 + (seed % 25),
    plant,
  };
}

/** What plays one seed once more. */
export function commandOf({ seed, members, tasks, steps, plant }: Omit<PlayOptions, 'keepsLines'>): string {
  const planted = plant === null ? '' : ` --plant ${plant}`;
  return `npm run sim -- --seed ${seed} --seeds 1 --members ${members} --tasks ${tasks} --steps ${steps}${planted}`;
}

function isPlant(name: string): name is Plant {
  return PLANTS.some((plant) => plant === name);
}

function numberOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`--${name}: expected a whole number from 1 on, got ${JSON.stringify(text)}`);
  return number;
}
