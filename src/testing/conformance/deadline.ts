/** How long a plugin may take over one thing: long for a machine that is busy, as only what never ends meets it. */
export const DEADLINE_MS = 10_000;

/** @throws Error when it is not settled by then */
export async function within<T>(deadlineMs: number, what: string, act: () => T | PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `expected ${what} to come to its end, got nothing within ${deadlineMs} ms`;
    timer = setTimeout(() => reject(new Error(message)), deadlineMs);
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}
