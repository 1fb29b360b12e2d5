import { describe, expect, it, vi } from 'vitest';
import { retryWhile } from '../../../src/kafka/connection/retry.ts';

const always = () => true;

describe('retryWhile', () => {
  it('tries again while the error passes, and tells of each', async () => {
    const onRetry = vi.fn();
    const attempt = vi.fn().mockRejectedValueOnce('a').mockRejectedValueOnce('b').mockResolvedValue('done');
    await expect(retryWhile(always, { timeoutMs: 1000, firstDelayMs: 1, onRetry }, attempt)).resolves.toBe(
      'done',
    );
    expect(onRetry.mock.calls).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('throws at once what does not pass', async () => {
    const attempt = vi.fn().mockRejectedValue(new Error('final'));
    await expect(retryWhile(() => false, { timeoutMs: 1000 }, attempt)).rejects.toThrow('final');
    expect(attempt).toHaveBeenCalledOnce();
  });

  it('throws the last error when the time is over', async () => {
    const attempt = vi.fn().mockRejectedValue(new Error('still'));
    await expect(retryWhile(always, { timeoutMs: 30, firstDelayMs: 5 }, attempt)).rejects.toThrow('still');
  });

  it("ends with the signal's reason, in the midst of a pause too", async () => {
    const controller = new AbortController();
    const options = { timeoutMs: 60_000, firstDelayMs: 30_000, signal: controller.signal };
    const running = retryWhile(always, options, () => Promise.reject(new Error('still')));
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(running).rejects.toThrow('enough');
  });
});
