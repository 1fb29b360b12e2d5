import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { expectThat } from './conformance-case.ts';

const LOOK_MS = 10;

/** A timer, socket, watcher and the like: it may keep the process alive. */
interface Handle {
  hasRef(): boolean;
}

interface Made {
  readonly kind: string;
  readonly handle: Handle;
}

/** @throws Unmet when something that it made still keeps the process alive by then */
export async function leavingNothing(deadlineMs: number, act: () => Promise<unknown>): Promise<void> {
  const made = new Map<number, Made>();
  // What else runs in the process, the runner of the tests above all, is no concern of the plugin.
  const inside = new AsyncLocalStorage<typeof made>();
  const hook = createHook({
    init(id, kind, _trigger, resource) {
      if (inside.getStore() === made && isHandle(resource)) made.set(id, { kind, handle: resource });
    },
    destroy: (id) => {
      made.delete(id);
    },
  });
  hook.enable();
  try {
    await inside.run(made, act);
    const left = () => [...made.values()].filter(({ handle }) => handle.hasRef()).map(({ kind }) => kind);
    for (const end = Date.now() + deadlineMs; left().length > 0 && Date.now() < end; ) await wait(LOOK_MS);
    expectThat(left().length === 0, () => `expected nothing to be left running, got ${left().join(', ')}`);
  } finally {
    hook.disable();
  }
}

function isHandle(resource: object): resource is Handle {
  return 'hasRef' in resource && typeof resource.hasRef === 'function';
}
