import { randomInt } from 'node:crypto';
import { messageOf } from '../../errors.ts';
import { type Random, seededRandom } from '../seeded-random.ts';

const SEEDS = 2 ** 31;

/** Leaves something to chance; an error of it tells the seed by which it happens again. */
export async function byChance(
  given: number | undefined,
  act: (random: Random) => Promise<void>,
): Promise<void> {
  const seed = given ?? randomInt(SEEDS);
  try {
    await act(seededRandom(seed));
  } catch (error) {
    throw new Error(`${messageOf(error)} (again with seed: ${seed})`, { cause: error });
  }
}
