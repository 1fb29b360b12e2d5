/** What is done to one thing of several is done in the order in which it was asked; no thing waits for another. */
export class Turns {
  /** The end of what is being done, by name; never rejects. */
  readonly #ends = new Map<string, Promise<void>>();

  /** Does something once everything that was asked before of the same name is done, well or not. */
  run<T>(name: string, action: () => Promise<T>): Promise<T> {
    const turn = (this.#ends.get(name) ?? Promise.resolve()).then(action);
    const end = turn.then(
      () => {},
      () => {},
    );
    this.#ends.set(name, end);
    void end.then(() => {
      if (this.#ends.get(name) === end) this.#ends.delete(name);
    });
    return turn;
  }

  /** Resolves when everything is done that was asked until now. */
  async ended(): Promise<void> {
    await Promise.all(this.#ends.values());
  }
}
