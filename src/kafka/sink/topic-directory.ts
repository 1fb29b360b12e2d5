import { HeadraceError } from '../../errors.ts';
import type { Rejection } from '../../plugin/index.ts';
import type { RecordRules } from '../record-rules.ts';

/** What the sink must know of a topic before it writes to it. */
export interface TopicInfo {
  readonly name: string;
  readonly partitions: number;
  /** The topic's `max.message.bytes`: the largest record batch it takes, in bytes. */
  readonly maxMessageBytes: number;
  /** Which records it takes, and how long it keeps them. */
  readonly rules: RecordRules;
}

export interface TopicAccess {
  /** null when there is no such topic. */
  describe(topic: string): Promise<TopicInfo | null>;
  create(topic: string): Promise<void>;
}

/** Knows the topics written to so far; a topic that is new is looked up, and created where that is allowed. */
export class TopicDirectory {
  readonly #known = new Map<string, TopicInfo>();
  readonly #access: TopicAccess;
  readonly #mayCreate: boolean;
  readonly #internal: ReadonlyMap<string, string>;

  /** @param internal topics that are never known, as no row may go there, with whose they are */
  constructor(access: TopicAccess, mayCreate: boolean, internal: ReadonlyMap<string, string> = new Map()) {
    this.#access = access;
    this.#mayCreate = mayCreate;
    this.#internal = internal;
  }

  /** Whose a topic is that no row may go to. */
  internal(topic: string): string | undefined {
    return this.#internal.get(topic);
  }

  known(topic: string): TopicInfo | undefined {
    return this.#known.get(topic);
  }

  /** @throws HeadraceError TOPIC_INVALID when the topic is missing and may not be created. */
  async resolve(topic: string): Promise<TopicInfo> {
    let info = await this.#access.describe(topic);
    if (info === null && this.#mayCreate) {
      await this.#access.create(topic);
      info = await this.#access.describe(topic);
    }
    if (info === null) {
      throw new HeadraceError(
        'TOPIC_INVALID',
        `topic ${topic} does not exist; create it, or set topic.creation.enable: true in the worker config`,
      );
    }
    this.#known.set(topic, info);
    return info;
  }
}

/** Why a row may not go to an internal topic: the rejection of the sink, and of a dry run. */
export function internalTopicRejection(topic: string, whose: string): Rejection {
  const message = `expected a topic for rows, got ${JSON.stringify(topic)}, which is ${whose}`;
  return { stage: 'KAFKA_PRODUCE', plugin: 'sink', errorName: 'InternalTopic', message, topic };
}
