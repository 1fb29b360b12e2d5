import { HeadraceError } from '../../errors.ts';

/** What a client shows to log in. */
export interface Token {
  readonly value: string;
  /** How long it holds from when it was got, in milliseconds; 0 where nobody says. */
  readonly lifetimeMs: number;
}

/** Of a token's lifetime, as Kafka's own clients have it: the rest is for an issuer that is away for a while. */
const RENEWED_AFTER = 0.8;

/** A token that is kept until shortly before it ends. */
export class KeptToken {
  readonly #fetch: () => Promise<Token>;
  #kept: Token | null = null;
  /** By the clock of `performance.now`. */
  #gotAt = 0;
  #fetching: Promise<Token> | null = null;

  constructor(fetch: () => Promise<Token>) {
    this.#fetch = fetch;
  }

  /** The token, or a new one when its time is nearly over. Throws what the fetching throws, unless it holds a while yet. */
  async get(): Promise<string> {
    const kept = this.#kept;
    const ageMs = performance.now() - this.#gotAt;
    if (kept !== null && ageMs < kept.lifetimeMs * RENEWED_AFTER) return kept.value;
    try {
      this.#fetching ??= this.#renew();
      return (await this.#fetching).value;
    } catch (error) {
      const holds = kept !== null && performance.now() - this.#gotAt < kept.lifetimeMs;
      if (holds && error instanceof HeadraceError && error.retriable) return kept.value;
      throw error;
    }
  }

  async #renew(): Promise<Token> {
    const askedAt = performance.now();
    try {
      this.#kept = await this.#fetch();
      this.#gotAt = askedAt;
      return this.#kept;
    } finally {
      this.#fetching = null;
    }
  }
}
