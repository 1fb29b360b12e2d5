import {
  decodeAssignment,
  decodeMetadata,
  encodeAssignment,
  encodeMetadata,
  PROTOCOL,
} from '../../cluster/encoding.ts';
import type { MembershipOptions } from '../../cluster/membership.ts';
import type { MembershipAction, MembershipEvent } from '../../cluster/membership-events.ts';
import type { MemberMetadata } from '../../cluster/messages.ts';
import { createKafkaClient, type KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { isError } from '../protocol/error-codes.ts';
import { HEARTBEAT, JOIN_GROUP, LEAVE_GROUP, SYNC_GROUP } from '../protocol/groups.ts';
import { CoordinatorLink } from './coordinator-link.ts';

/** What waits for nobody a broker answers at once. */
const LONGEST_PROMPT_MS = 3_000;

export interface GroupMemberOptions extends MembershipOptions {
  readonly groupId: string;
}

export type ActionOf<Type extends MembershipAction['type']> = MembershipAction & { readonly type: Type };
type EventOf<Type extends MembershipEvent['type']> = MembershipEvent & { readonly type: Type };

/**
 * What a member asks its coordinator. Brokers answer what comes by one connection in its order, and a join waits for all
 * members: so what is answered at once has a connection of its own.
 *
 * All throw HeadraceError: KAFKA_UNAVAILABLE, KAFKA_DENIED or KAFKA_FENCED.
 */
export class MemberRequests {
  readonly #options: GroupMemberOptions;
  readonly #waiting: CoordinatorLink;
  readonly #prompt: CoordinatorLink;
  readonly #roundTimeoutMs: number;

  constructor(client: KafkaClient, options: GroupMemberOptions) {
    this.#options = options;
    const { config, log } = client;
    // A broker that hangs may be met twice before another one is asked, all within a session.
    const thirdMs = Math.min(Math.floor(options.sessionTimeoutMs / 3), LONGEST_PROMPT_MS);
    const connectionTimeoutMs = Math.min(config.connectionTimeoutMs, thirdMs);
    const requestTimeoutMs = Math.min(config.requestTimeoutMs, thirdMs);
    const own = createKafkaClient({ ...config, connectionTimeoutMs, requestTimeoutMs }, log);
    this.#waiting = new CoordinatorLink(own, options.groupId);
    this.#prompt = new CoordinatorLink(own, options.groupId);
    this.#roundTimeoutMs = options.rebalanceTimeoutMs + requestTimeoutMs;
  }

  /** Takes until all members have joined. */
  async join(memberId: string, told: MemberMetadata): Promise<EventOf<'joined' | 'joinRefused'>> {
    const { groupId, instanceId, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    const doing = `Joining group "${groupId}"`;
    const who = { groupId, memberId, instanceId };
    const protocols = [{ name: PROTOCOL.name, metadata: encodeMetadata(told) }];
    const request = { ...who, sessionTimeoutMs, rebalanceTimeoutMs, protocolType: PROTOCOL.type, protocols };
    const answer = await this.#waiting.call(JOIN_GROUP, request, doing, this.#roundTimeoutMs);
    if (isError(answer.errorCode, 'MEMBER_ID_REQUIRED'))
      return { type: 'joinRefused', refusal: { type: 'idGiven', memberId: answer.memberId } };
    failOn(answer.errorCode, doing);
    const members = answer.members.map(({ metadata, ...names }) => ({
      ...names,
      metadata: decodeMetadata(metadata),
    }));
    const { generation, memberId: own } = answer;
    return { type: 'joined', memberId: own, generation, members: answer.leader === own ? members : null };
  }

  /** Takes until the leader has shared the work out. */
  async sync({ memberId, generation, assignments }: ActionOf<'sync'>): Promise<EventOf<'synced'>> {
    const { groupId, instanceId } = this.#options;
    const doing = `Asking group "${groupId}" which tasks are this worker's`;
    const encoded = [...assignments].map(([id, assignment]) => ({
      memberId: id,
      assignment: encodeAssignment(assignment),
    }));
    const request = { groupId, generation, memberId, instanceId, assignments: encoded };
    const answer = await this.#waiting.call(SYNC_GROUP, request, doing, this.#roundTimeoutMs);
    failOn(answer.errorCode, doing);
    return { type: 'synced', assignment: decodeAssignment(answer.assignment) };
  }

  async heartbeat({ memberId, generation }: ActionOf<'heartbeat'>): Promise<void> {
    const { groupId, instanceId } = this.#options;
    const doing = `Telling group "${groupId}" that this worker lives`;
    const request = { groupId, generation, memberId, instanceId };
    try {
      failOn((await this.#prompt.call(HEARTBEAT, request, doing)).errorCode, doing);
    } catch (error) {
      // A coordinator that hangs, or is none any more, would not answer a join either, nor tell.
      if (!this.#prompt.isOpen) this.#waiting.close();
      throw error;
    }
  }

  async leave({ memberId }: ActionOf<'leave'>): Promise<void> {
    const { groupId, instanceId } = this.#options;
    const doing = `Leaving group "${groupId}"`;
    failOn((await this.#prompt.call(LEAVE_GROUP, { groupId, memberId, instanceId }, doing)).errorCode, doing);
  }

  /** Nobody waits any more for the join or sync that is under way: it fails, and the next one need not wait for it either. */
  giveUpWaiting(): void {
    this.#waiting.close();
  }

  close(): void {
    this.#waiting.close();
    this.#prompt.close();
  }
}
