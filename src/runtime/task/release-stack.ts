/** What was acquired is released in the opposite order, whatever happens; every acquire pushes its release. */
export class ReleaseStack {
  readonly #releases: (() => Promise<void> | void)[] = [];

  push(release: () => Promise<void> | void): void {
    this.#releases.push(release);
  }

  /** Runs every release; one that throws is told and does not keep the others from running. */
  async releaseAll(onError: (error: unknown) => void): Promise<void> {
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop()) {
      try {
        await release();
      } catch (error) {
        onError(error);
      }
    }
  }
}
