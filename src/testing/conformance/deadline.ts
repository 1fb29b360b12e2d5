import { setTimeout as wait } from 'node:timers/promises';

/** How long a plugin may take over one thing: long for a machine that is busy, as only what never ends meets it. */
export const DEADLINE_MS = 10_000;

const LOOK_MS = 10;

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

/** What keeps the process alive, by how many there are of each kind. */
function running(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** @throws Error when something is left running by then that was not before */
export async function leavingNothing(deadlineMs: number, act: () => Promise<unknown>): Promise<void> {
  const before = running();
  await act();
  for (const end = Date.now() + deadlineMs; ; await wait(LOOK_MS)) {
    const more = [...running()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
    if (more.length === 0) return;
    if (Date.now() < end) continue;
    throw new Error(`expected nothing to be left running, got ${more.map(([kind]) => kind).join(', ')}`);
  }
}
