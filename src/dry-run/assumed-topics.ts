import { settingsFor, type TopicCreation } from '../config/define/topic-creation.ts';
import { NO_RULES, type RecordRules, recordRules } from '../kafka/records/record-rules.ts';
import { type KnownTopic, type KnownTopics, topicRefusal } from '../sink/record-encoder.ts';
import { refusedBy } from '../sink/unsendable-record.ts';

/** Topics as a feed would make them, since Kafka is not asked how they are. What the feed does not say forbids nothing. */
export class AssumedTopics implements KnownTopics<KnownTopic> {
  readonly #creation: TopicCreation;
  readonly #internal: ReadonlyMap<string, string>;
  readonly #isTimeless: boolean;
  readonly #known = new Map<string, KnownTopic>();

  /**
   * @param internal topics that no row may go to, with whose they are
   * @param isTimeless rows are of no day: their times are not held against the clock
   */
  constructor(creation: TopicCreation, internal: ReadonlyMap<string, string>, isTimeless: boolean) {
    this.#creation = creation;
    this.#internal = internal;
    this.#isTimeless = isTimeless;
  }

  internal(topic: string): string | undefined {
    return this.#internal.get(topic);
  }

  /** @throws UnsendableRecord when a pattern of `topic.creation` takes too long for the topic's name */
  known(topic: string): KnownTopic | undefined {
    let known = this.#known.get(topic);
    if (known !== undefined || topicRefusal(topic, this) !== null) return known;
    known = this.#assume(topic);
    this.#known.set(topic, known);
    return known;
  }

  #assume(name: string): KnownTopic {
    try {
      const { partitions, config } = settingsFor(name, this.#creation);
      return {
        name,
        partitions: partitions > 0 ? partitions : null,
        maxMessageBytes: Number(config['max.message.bytes'] ?? Number.POSITIVE_INFINITY),
        rules: this.#rules(recordRules(new Map(Object.entries(config)))),
      };
    } catch (error) {
      throw refusedBy(error, name);
    }
  }

  #rules(rules: RecordRules): RecordRules {
    return this.#isTimeless ? { ...NO_RULES, wantsKey: rules.wantsKey } : rules;
  }
}
