import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { protocolError } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import type { Api } from '../protocol/api.ts';
import { isError } from '../protocol/error-codes.ts';
import { JOIN_GROUP } from '../protocol/groups.ts';

interface Found {
  readonly connection: KafkaConnection;
  readonly coordinator: BrokerLink;
}

/**
 * A connection to the coordinator of a group. It is made when it is needed, and made anew after a failure: the coordinator
 * may be another broker by then.
 */
export class CoordinatorLink {
  readonly #client: KafkaClient;
  readonly #groupId: string;
  #found: Promise<Found> | null = null;

  constructor(client: KafkaClient, groupId: string) {
    this.#client = client;
    this.#groupId = groupId;
  }

  /** Whether nothing has gone wrong with it since it was made. */
  get isOpen(): boolean {
    return this.#found !== null;
  }

  /**
   * @param withinMs of an answer that takes longer than others
   * @returns the answer of the coordinator, which may be an error of its own
   * @throws HeadraceError KAFKA_UNAVAILABLE, also where a broker answers that it is not the coordinator, or KAFKA_DENIED
   */
  async call<Q, A extends { readonly errorCode: number }>(
    api: Api<Q, A>,
    request: Q,
    doing: string,
    withinMs: number | null = null,
  ): Promise<A> {
    this.#found ??= this.#find();
    const found = this.#found;
    try {
      const { connection, coordinator } = await found;
      await connection.ready(coordinator);
      const answer = await connection.call(coordinator, api, request, doing, withinMs);
      if (isError(answer.errorCode, 'NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'))
        throw protocolError(answer.errorCode, doing);
      return answer;
    } catch (error) {
      if (this.#found === found) this.close();
      throw error;
    }
  }

  /** Ends the connection: what is not answered yet fails. The next call makes another one. */
  close(): void {
    const found = this.#found;
    this.#found = null;
    found?.then(
      ({ connection }) => connection.close(),
      () => {},
    );
  }

  async #find(): Promise<Found> {
    const connection = await this.#client.connect();
    try {
      return { connection, coordinator: await coordinatorOf(connection, this.#groupId) };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }
}

/** @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED, also where it is too old for groups of workers */
export async function coordinatorOf(connection: KafkaConnection, groupId: string): Promise<BrokerLink> {
  const coordinator = await connection.groupCoordinator(groupId);
  if (!coordinator.serves(JOIN_GROUP)) throw tooOld(coordinator);
  return coordinator;
}

function tooOld({ host, port }: BrokerLink): HeadraceError {
  return new HeadraceError(
    'KAFKA_DENIED',
    `The broker ${host}:${port} does not know static members of groups, and so cannot coordinate a group of workers. Headrace needs brokers of Apache Kafka 2.3 or later for it; without group.id a worker runs on its own.`,
  );
}
