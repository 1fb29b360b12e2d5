/** Two clocks never run alike, and tasks take a moment to end: a member counts this share of what the coordinator does. */
const OWN_SHARE = 0.9;

/**
 * Until when a member may be sure that the coordinator has given its tasks to nobody, by the member's own clock: the
 * coordinator counts from when it got a request, which is never before that was sent.
 */
export class OwnSession {
  readonly #sessionMs: number;
  readonly #rebalanceMs: number;
  /** When the last request was sent to which the coordinator answered that it knows the member. */
  #known = Number.NEGATIVE_INFINITY;
  /** When the last one was sent that came before a rebalance that the member has not joined. */
  #joined = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly sessionTimeoutMs: number; readonly rebalanceTimeoutMs: number }) {
    this.#sessionMs = options.sessionTimeoutMs * OWN_SHARE;
    this.#rebalanceMs = options.rebalanceTimeoutMs * OWN_SHARE;
  }

  /** The member is known, and no rebalance waits for it. */
  answered(sentAtMs: number): void {
    this.known(sentAtMs);
    this.#joined = Math.max(this.#joined, sentAtMs);
  }

  /** The member is known, and a rebalance waits for it, or it waits for the others. */
  known(sentAtMs: number): void {
    this.#known = Math.max(this.#known, sentAtMs);
  }

  /** All members have joined: none that was sent before knew of the next rebalance. */
  joined(sentAtMs: number): void {
    this.known(sentAtMs);
    this.#joined = this.#known;
  }

  /** A member that heartbeats and does not join is put out when the time of the rebalance has passed. */
  get endsAtMs(): number {
    return Math.min(this.#known + this.#sessionMs, this.#joined + this.#rebalanceMs);
  }
}
