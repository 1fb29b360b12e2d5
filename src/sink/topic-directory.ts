import { isDeepStrictEqual } from 'node:util';
import { HeadraceError } from '../errors.ts';
import type { KnownTopic, KnownTopics } from './record-encoder.ts';

/** What the sink must know of a topic before it writes to it. */
export interface TopicInfo extends KnownTopic {
  readonly partitions: number;
}

export interface TopicAccess {
  /** Those of the topics that are there, by name. */
  describe(topics: readonly string[]): Promise<ReadonlyMap<string, TopicInfo>>;
  create(topic: string): Promise<void>;
}

/** What is known may be as old as this when a transaction begins. */
const MAX_AGE_MS = 5000;

/** Knows the topics written to so far; a topic that is new is looked up, and created where that is allowed. */
export class TopicDirectory implements KnownTopics<TopicInfo> {
  readonly #known = new Map<string, TopicInfo>();
  readonly #access: TopicAccess;
  readonly #mayCreate: boolean;
  readonly #wasThere: boolean;
  readonly #internal: ReadonlyMap<string, string>;
  /** When all that is known was asked for, by the clock of `performance.now`. */
  #askedAt = 0;

  /**
   * @param wasThere whether rows were delivered before: a missing topic was deleted then, and may be made again
   * @param internal topics that are never known, as no row may go there, with whose they are
   */
  constructor(
    access: TopicAccess,
    mayCreate: boolean,
    wasThere: boolean,
    internal: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#access = access;
    this.#mayCreate = mayCreate;
    this.#wasThere = wasThere;
    this.#internal = internal;
  }

  /** Whose a topic is that no row may go to. */
  internal(topic: string): string | undefined {
    return this.#internal.get(topic);
  }

  known(topic: string): TopicInfo | undefined {
    return this.#known.get(topic);
  }

  /**
   * Looks a topic up.
   *
   * @throws HeadraceError TOPIC_INVALID when the topic is missing and may not be created.
   */
  async resolve(topic: string): Promise<TopicInfo> {
    if (this.#known.size === 0) this.#askedAt = performance.now();
    const described = await this.#access.describe([topic]);
    const info = described.get(topic) ?? (await this.#create(topic));
    this.#known.set(topic, info);
    return info;
  }

  /**
   * Asks again about all that is known, unless that was done a moment ago: a topic may have been deleted, made anew, or
   * given more partitions or another configuration. One that is missing is created where that is allowed.
   *
   * @returns whether anything is not as it was
   * @throws HeadraceError as `resolve`
   */
  async refresh(): Promise<boolean> {
    const now = performance.now();
    if (this.#known.size === 0 || now - this.#askedAt < MAX_AGE_MS) return false;
    this.#askedAt = now;
    const described = await this.#access.describe([...this.#known.keys()]);
    let isOther = false;
    for (const [topic, before] of this.#known) {
      const info = described.get(topic) ?? (await this.#create(topic));
      if (isDeepStrictEqual(info, before)) continue;
      this.#known.set(topic, info);
      isOther = true;
    }
    return isOther;
  }

  async #create(topic: string): Promise<TopicInfo> {
    if (this.#mayCreate) {
      await this.#access.create(topic);
      const info = (await this.#access.describe([topic])).get(topic);
      if (info !== undefined) return info;
    }
    throw new HeadraceError(
      'TOPIC_INVALID',
      `topic ${topic} does not exist; create it, or set topic.creation.enable: true in the worker config`,
      { retriable: this.#wasThere || this.#known.has(topic) },
    );
  }
}
