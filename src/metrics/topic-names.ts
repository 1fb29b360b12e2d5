import { OTHERS } from '../runtime/plugin-metrics/series-of-metric.ts';

const MOST_TOPICS = 100;

/** The topics that metrics tell of a connector: its rows may name any number of them. */
export class TopicNames {
  readonly #names = new Set<string>();

  of(topic: string): string {
    if (this.#names.size < MOST_TOPICS) this.#names.add(topic);
    return this.#names.has(topic) ? topic : OTHERS;
  }
}
