import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HeadraceError } from '../../../src/errors.ts';
import { KeptToken, type Token } from '../../../src/kafka/tokens/kept-token.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const AWAY = new HeadraceError('KAFKA_UNAVAILABLE', 'away');
const DENIED = new HeadraceError('KAFKA_DENIED', 'no');

/** Whoever is asked gives these, one after another; an error is thrown. */
function keeping(...given: (Token | Error)[]): KeptToken {
  return new KeptToken(async () => {
    const next = given.shift();
    if (next === undefined) throw new Error('asked once too often');
    if (next instanceof Error) throw next;
    return next;
  });
}

const token = (value: string, lifetimeMs = 1000): Token => ({ value, lifetimeMs });

test('a token is kept for four fifths of its lifetime', async () => {
  const kept = keeping(token('a'), token('b'));
  expect(await kept.get()).toBe('a');
  vi.advanceTimersByTime(799);
  expect(await kept.get()).toBe('a');
  vi.advanceTimersByTime(1);
  expect(await kept.get()).toBe('b');
});

test('one of which nobody says how long it holds is not kept', async () => {
  const kept = keeping(token('a', 0), token('b', 0));
  expect([await kept.get(), await kept.get()]).toEqual(['a', 'b']);
});

test('all who ask at once get the same one', async () => {
  const kept = keeping(token('a'));
  expect(await Promise.all([kept.get(), kept.get()])).toEqual(['a', 'a']);
});

test('the old one serves to its end where the issuer is away, and no longer', async () => {
  const kept = keeping(token('a'), AWAY, AWAY, token('b'));
  await kept.get();
  vi.advanceTimersByTime(999);
  expect(await kept.get()).toBe('a');
  vi.advanceTimersByTime(1);
  await expect(kept.get()).rejects.toBe(AWAY);
  expect(await kept.get()).toBe('b');
});

test('an issuer that says no is heard at once', async () => {
  const kept = keeping(token('a'), DENIED);
  await kept.get();
  vi.advanceTimersByTime(900);
  await expect(kept.get()).rejects.toBe(DENIED);
});
