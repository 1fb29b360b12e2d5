import { expect } from 'vitest';
import type { ConformanceCase } from '../../../src/testing/index.ts';

/** The messages of the cases that fail, by their names. */
export async function failuresOf(cases: readonly ConformanceCase[]): Promise<Record<string, string>> {
  const failures: Record<string, string> = {};
  for (const { name, run } of cases) {
    try {
      await run();
    } catch (error) {
      failures[name] = (error as Error).message;
    }
  }
  return failures;
}

/** A plugin with one fault is found by this case, which says so on one line. */
export async function expectFound(
  cases: readonly ConformanceCase[],
  found: string,
  message: string | RegExp,
): Promise<void> {
  const failures = await failuresOf(cases);
  expect(failures).toHaveProperty([found], expect.stringMatching(message));
  for (const text of Object.values(failures)) expect(text).not.toContain('\n');
}
