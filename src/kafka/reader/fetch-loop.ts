import { setTimeout as sleep } from 'node:timers/promises';
import { HeadraceError } from '../../errors.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { gravest } from '../connection/errors.ts';
import type { KafkaLog } from '../connection/kafkajs-internals.ts';
import { type FetchedPiece, fetchRound, type Position } from './fetch-round.ts';
import type { Span } from './spans.ts';
import { Standstill } from './standstill.ts';

const MAX_WAIT_MS = 250;

export interface FetchLoopOptions {
  /** How long nothing may move before it is an error, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly log: KafkaLog;
}

/**
 * Reads partitions to their ends, one fetch from each leader at a time; pieces of one partition come in order. Brokers give
 * nothing behind the last stable offset: where an end lies behind it, the transaction that is open is waited for.
 * Errors that may pass, such as a leader that moves, are waited out.
 *
 * Throws KAFKA_DENIED, TOPIC_INVALID, or KAFKA_UNAVAILABLE, the last when nothing moved for `timeoutMs`.
 */
export async function* fetchPieces(
  connection: KafkaConnection,
  spans: readonly Span[],
  { timeoutMs, signal, log }: FetchLoopOptions,
): AsyncGenerator<FetchedPiece> {
  const isOpen = ({ offset, end }: Span) => offset < end;
  const positions: readonly Position[] = spans.map((span) => ({ ...span }));
  const standstill = new Standstill(positions, timeoutMs, log);
  for (let open = positions.filter(isOpen); open.length > 0; open = open.filter(isOpen)) {
    signal?.throwIfAborted();
    const { pieces, errors } = await fetchRound(connection, open, MAX_WAIT_MS);
    yield* pieces;
    const trouble = errors.length === 0 ? undefined : gravest(errors);
    if (trouble !== undefined) {
      if (!(trouble instanceof HeadraceError && trouble.retriable)) throw trouble;
      for (const { topic } of open) connection.forget(topic);
      await sleep(MAX_WAIT_MS);
    }
    if (open.some(isOpen)) standstill.look(trouble);
  }
}
