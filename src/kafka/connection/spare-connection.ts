import type { KafkaConnection } from './connection.ts';

/** How long a connection waits for its next user: most of what is asked of Kafka is asked right after something else. */
const SPARE_MS = 100;

/** Connections for users who each need one to themselves for a moment, one after another mostly. */
export class SpareConnection {
  readonly #open: () => Promise<KafkaConnection>;
  #spare: KafkaConnection | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(open: () => Promise<KafkaConnection>) {
    this.#open = open;
  }

  /** Runs `use` with the spare connection or with a new one; it is the spare one afterwards, unless `use` fails. */
  async lendTo<T>(use: (connection: KafkaConnection) => Promise<T>): Promise<T> {
    const connection = this.#take() ?? (await this.#open());
    let isSound = false;
    try {
      const result = await use(connection);
      isSound = true;
      return result;
    } finally {
      if (isSound && this.#spare === null) this.#keep(connection);
      else await connection.close();
    }
  }

  #take(): KafkaConnection | null {
    const connection = this.#spare;
    this.#spare = null;
    clearTimeout(this.#timer);
    connection?.keepThread(true);
    return connection;
  }

  /**
   * What it knows of topics may be wrong by the time of its next user, who would not get that from a new one. A command
   * that is done ends, and does not wait for that time.
   */
  #keep(connection: KafkaConnection): void {
    connection.forgetAll();
    connection.keepThread(false);
    this.#spare = connection;
    this.#timer = setTimeout(() => void this.#take()?.close(), SPARE_MS).unref();
  }
}
