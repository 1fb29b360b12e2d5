import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClusterView } from '../../runtime/cluster/cluster-view.ts';
import { RestError } from '../rest-error.ts';
import { type OtherWorkers, whyNoAnswer } from './other-workers.ts';

/** A leader that does not answer at all ends in an error of this worker's, before who asked is told that it took too long. */
const TIMEOUT_MS = 85_000;

/** Until the group has a leader, or this worker knows what was changed; longer than workers take to share out their work, as a rule. */
const MOST_WAIT_MS = 10_000;
const LOOK_MS = 50;

const NO_LEADER =
  'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.';
/** It was sent on to this worker, which does not lead: who leads is changing. */
const NOT_HERE = 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)';

/** What the leader is sent of a request. */
export type SentBody = (request: FastifyRequest) => Promise<Buffer> | Buffer | undefined;

export interface ForwardingOptions {
  readonly cluster: ClusterView;
  readonly others: OtherWorkers;
}

/** Has the leader of a group answer what comes to another of its workers. */
export class Forwarding {
  readonly #options: ForwardingOptions;

  constructor(options: ForwardingOptions) {
    this.#options = options;
  }

  /**
   * Whether this worker cannot do itself what changes something. While nobody leads, as when workers come or go, it is
   * waited a while.
   */
  async isNeeded(request: FastifyRequest): Promise<boolean> {
    const { cluster } = this.#options;
    request.waitingFor = 'the group to have a leader';
    const isKnown = () => cluster.isLeader || (cluster.leaderUrl !== null && cluster.sessionKeys.length > 0);
    for (let waitedMs = 0; waitedMs < MOST_WAIT_MS && !isKnown(); waitedMs += LOOK_MS) await delay(LOOK_MS);
    request.waitingFor = '';
    return !cluster.isLeader;
  }

  /**
   * Sends a request on to the leader, and gives what that answers. Who asks has been let in by this worker, and the leader
   * takes its word for it.
   *
   * @param sent what is sent in place of what came
   * @throws RestError the leader's, or why it is not asked: Kafka Connect's codes and words where there are some
   */
  async toLeader(
    request: FastifyRequest,
    reply: FastifyReply,
    sent: SentBody = ({ body }) => body as Buffer | undefined,
  ): Promise<unknown> {
    if (request.isForwarded) throw new RestError(409, NOT_HERE);
    const { leaderUrl } = this.#options.cluster;
    if (leaderUrl === null) throw new RestError(409, NO_LEADER);
    const wanted = await sent(request);
    request.waitingFor = `the leader of the group, ${leaderUrl}`;
    const { status, headers, body } = await this.#send(leaderUrl, request, wanted);
    const told = parsed(leaderUrl, status, body);
    if (status >= 400)
      throw new RestError(
        status,
        (told as { message?: string } | null)?.message ?? `${leaderUrl} answered ${status}`,
      );
    await this.#sync();
    reply.code(status);
    if (headers.location !== undefined) {
      const { pathname } = new URL(headers.location, leaderUrl);
      reply.header('location', `${request.protocol}://${request.host}${pathname}`);
    }
    return told ?? undefined;
  }

  /** Who asks this worker next is to see the change here as well. It is made, though, whatever becomes of this. */
  async #sync(): Promise<void> {
    const { cluster } = this.#options;
    await Promise.race([cluster.sync().catch(() => {}), delay(MOST_WAIT_MS, undefined, { ref: false })]);
  }

  async #send(leaderUrl: string, request: FastifyRequest, body: Buffer | undefined): Promise<Answer> {
    const { method, url: path, headers } = request;
    const sent = {
      ...{ method, path, type: headers['content-type'], signal: AbortSignal.timeout(TIMEOUT_MS) },
      body,
    };
    try {
      const answer = await this.#options.others.open(leaderUrl, sent);
      if (answer === null) throw new RestError(409, NO_LEADER);
      return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
    } catch (error) {
      if (error instanceof RestError) throw error;
      throw new RestError(
        500,
        `IO Error trying to forward REST request: ${leaderUrl}, which leads the group, does not answer: ${whyNoAnswer(error)}`,
      );
    }
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function parsed(leaderUrl: string, status: number, body: Buffer): unknown {
  if (body.length === 0) return null;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new RestError(
      500,
      `IO Error trying to forward REST request: what answers at ${leaderUrl} is no worker: HTTP ${status} without JSON; see ` +
        'rest.advertised.host.name and rest.advertised.port of the leader',
    );
  }
}
