const MODULUS = 2 ** 31;

/** The next sequence number of each partition: records of one producer and epoch, counted from 0, modulo 2^31. */
export class SequenceNumbers {
  readonly #next = new Map<string, Map<number, number>>();

  /** Takes the numbers for `count` records and returns the first. */
  take(topic: string, partition: number, count: number): number {
    let partitions = this.#next.get(topic);
    if (partitions === undefined) {
      partitions = new Map();
      this.#next.set(topic, partitions);
    }
    const first = partitions.get(partition) ?? 0;
    partitions.set(partition, (first + count) % MODULUS);
    return first;
  }

  /** Those of another producer or epoch are taken from now on. */
  restart(): void {
    this.#next.clear();
  }
}
