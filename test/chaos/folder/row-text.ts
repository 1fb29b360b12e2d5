import type { Random } from '../../../src/testing/seeded-random.ts';

export const HEADER = 'id,symbol,quantity\n';

const SYMBOLS = 5;
const BAD_EVERY = 40;

/** The text of a file with rows of these numbers, some of which are bad. */
export function textOf(numbers: readonly number[], random: Random): string {
  const rows = numbers.map((number) => {
    const quantity = random() * BAD_EVERY < 1 ? 'many' : '1';
    return `${number},S${Math.floor(random() * SYMBOLS)},${quantity}\n`;
  });
  return HEADER + rows.join('');
}
