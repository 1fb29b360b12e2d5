import { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { ownModule } from '../../own-modules.ts';
import type { RuntimeEvent } from '../events/events.ts';
import type { LookoutCommand, LookoutMessage, Sleeper, Waking } from './lookout-messages.ts';

const THREAD = ownModule('src/runtime/sleep/lookout-thread');

interface Watched {
  readonly sleeper: Sleeper;
  readonly wake: (waking: Waking) => void;
}

/** One thread that looks out for all tasks that sleep; there is none while all are awake. */
export class Lookout {
  readonly #publish: (event: RuntimeEvent) => void;
  readonly #sleeps = new Map<number, Watched>();
  #last = 0;
  #thread: Worker | null = null;

  constructor(publish: (event: RuntimeEvent) => void) {
    this.#publish = publish;
  }

  /**
   * @param wake called once, when there may be something to do for the task, or it cannot be looked out for it
   * @returns ends the sleep without it
   */
  watch(sleeper: Sleeper, wake: (waking: Waking) => void): () => void {
    const sleep = ++this.#last;
    this.#sleeps.set(sleep, { sleeper, wake });
    this.#thread ??= this.#open();
    this.#tell({ type: 'lookOut', sleep, sleeper });
    return () => {
      if (this.#sleeps.delete(sleep)) this.#tell({ type: 'forget', sleep });
    };
  }

  /** Whether there is one that sleeps, or was a moment ago. */
  get isOpen(): boolean {
    return this.#thread !== null;
  }

  /** No task is woken any more. */
  async close(): Promise<void> {
    this.#sleeps.clear();
    await this.#thread?.terminate();
  }

  #open(): Worker {
    const thread = new Worker(THREAD, { name: 'lookout' });
    let failure = 'the thread that looks out for tasks has ended';
    thread.on('message', (message: LookoutMessage) => {
      if (message.type === 'event') this.#publish(message.event);
      else this.#wake(message.sleep, message);
    });
    thread.on('error', (error) => {
      failure = messageOf(error);
    });
    thread.on('exit', () => {
      this.#thread = null;
      for (const [sleep, { sleeper }] of this.#sleeps) this.#wake(sleep, { note: sleeper.note, failure });
    });
    return thread;
  }

  #tell(command: LookoutCommand): void {
    this.#thread?.postMessage(command);
  }

  #wake(sleep: number, { note, failure }: Waking): void {
    const watched = this.#sleeps.get(sleep);
    this.#sleeps.delete(sleep);
    watched?.wake({ note, failure });
  }
}
