import { describe, expect, it } from 'vitest';
import { AskedTogether } from '../../../src/runtime/worker/asked-together.ts';

describe('what several ask together', () => {
  it('is asked once for all who come while it is under way, and after them', async () => {
    const answers = [1, 2, 3].map(() => Promise.withResolvers<number>());
    let asked = 0;
    const together = new AskedTogether(() => answers[asked++]?.promise as Promise<number>);
    const first = together.answer();
    await Promise.resolve();
    await Promise.resolve();
    const later = [together.answer(), together.answer()];
    answers[0]?.resolve(10);
    answers[1]?.resolve(20);
    expect(await first).toBe(10);
    expect(await Promise.all(later)).toEqual([20, 20]);
    expect(asked).toBe(2);
  });

  it('is asked again after it could not be answered', async () => {
    let asked = 0;
    const together = new AskedTogether(async () => {
      asked++;
      if (asked === 1) throw new Error('away');
      return asked;
    });
    await expect(together.answer()).rejects.toThrow('away');
    expect(await together.answer()).toBe(2);
  });
});
