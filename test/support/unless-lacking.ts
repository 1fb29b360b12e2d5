import { StackError } from '../../scripts/stack/stack-error.ts';

/** What is fetched for tests; null, and said so, where this machine cannot have it, as the tests of it are then not run. */
export async function unlessLacking<T>(fetch: () => Promise<T>): Promise<T | null> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`tests not run: ${error.message}\n`);
    return null;
  }
}
