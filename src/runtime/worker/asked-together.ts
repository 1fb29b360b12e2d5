/**
 * One answer for all who ask at about the same time: those who come while an answer is under way share the next one, so that
 * nobody is told what was so before he asked.
 */
export class AskedTogether<T> {
  readonly #ask: () => Promise<T>;
  #underWay: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | null = null;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  answer(): Promise<T> {
    this.#next ??= this.#askNext();
    return this.#next;
  }

  async #askNext(): Promise<T> {
    await this.#underWay;
    this.#next = null;
    const asked = this.#ask();
    this.#underWay = asked.catch(() => {});
    return await asked;
  }
}
