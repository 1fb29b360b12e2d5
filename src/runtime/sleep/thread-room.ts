/** A task that needs a thread. */
export interface Guest {
  /** It gives its thread away when it is asked to, and so can wait for one. */
  readonly sleeps: boolean;
  /** Its turn has come. */
  enter(): void;
  /** Others wait: it is to sleep as soon as it can. Called again and again. */
  giveWay(): void;
}

/**
 * How many tasks have threads at once. Who comes first is let in first; tasks that never sleep need not wait, as others
 * would wait for them without end, but count.
 */
export class ThreadRoom {
  readonly #most: number;
  readonly #mostStarting: number;
  readonly #inside = new Map<Guest, 'starting' | 'at work'>();
  readonly #queue = new Set<Guest>();

  /** @param mostStarting so many begin at once: with more none would be done sooner, and each holds its memory */
  constructor(most: number, mostStarting: number) {
    this.#most = most;
    this.#mostStarting = mostStarting;
  }

  /** Has a task enter when there is room for it, which may be at once. */
  come(guest: Guest): void {
    if (!guest.sleeps) this.#letIn(guest, 'at work');
    else if (this.#inside.has(guest)) this.#letIn(guest, 'starting');
    else this.#queue.add(guest);
    this.#admit();
  }

  /** Takes a place for a task ahead of its coming, if nobody has to wait for it. */
  reserve(guest: Guest): boolean {
    if (guest.sleeps && (this.#queue.size > 0 || !this.#hasRoom)) return false;
    this.#inside.set(guest, guest.sleeps ? 'starting' : 'at work');
    return true;
  }

  /** It has begun, so that another may. */
  isAtWork(guest: Guest): void {
    if (!this.#inside.has(guest)) return;
    this.#inside.set(guest, 'at work');
    this.#admit();
  }

  /** It has ended, or waits no longer. */
  leave(guest: Guest): void {
    this.#queue.delete(guest);
    this.#inside.delete(guest);
    this.#admit();
  }

  get #hasRoom(): boolean {
    const inside = [...this.#inside];
    const starting = inside.filter(([, state]) => state === 'starting').length;
    // Where others hold all of the room for good, one at a time goes on all the same.
    const isFull = inside.length >= this.#most && inside.some(([{ sleeps }]) => sleeps);
    return !isFull && starting < this.#mostStarting;
  }

  #admit(): void {
    for (const guest of this.#queue) {
      if (!this.#hasRoom) break;
      this.#letIn(guest, 'starting');
    }
    if (this.#queue.size === 0 || this.#inside.size < this.#most) return;
    for (const guest of this.#inside.keys()) guest.giveWay();
  }

  #letIn(guest: Guest, state: 'starting' | 'at work'): void {
    this.#queue.delete(guest);
    this.#inside.set(guest, state);
    guest.enter();
  }
}
