import {
  decodeAssignment,
  decodeMetadata,
  encodeAssignment,
  encodeMetadata,
  PROTOCOL,
} from '../../cluster/encoding.ts';
import { Membership, type MembershipOptions } from '../../cluster/membership.ts';
import type { JoinedMember, MembershipAction, MembershipEvent } from '../../cluster/membership-events.ts';
import { HeadraceError } from '../../errors.ts';
import { createKafkaClient, type KafkaClient } from '../connection/client.ts';
import { failOn, reasonOf } from '../connection/errors.ts';
import type { KafkaLog } from '../connection/kafkajs-internals.ts';
import { retryWhile } from '../connection/retry.ts';
import { isError } from '../protocol/error-codes.ts';
import { HEARTBEAT, JOIN_GROUP, LEAVE_GROUP, SYNC_GROUP } from '../protocol/groups.ts';
import { CoordinatorLink } from './coordinator-link.ts';
import type { GroupHost } from './group-host.ts';
import { refusalOf } from './refusal.ts';

export interface GroupMemberOptions extends MembershipOptions {
  readonly groupId: string;
}

type ActionOf<Type extends MembershipAction['type']> = MembershipAction & { readonly type: Type };
type EventOf<Type extends MembershipEvent['type']> = MembershipEvent & { readonly type: Type };

/**
 * A member of a group: does what {@link Membership} says, and tells it what came of it. Brokers answer what came by one
 * connection in its order, and a join waits for all members, so that heartbeats have a connection of their own.
 */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #host: GroupHost;
  readonly #log: KafkaLog;
  readonly #membership: Membership;
  /** For joins and syncs. */
  readonly #waiting: CoordinatorLink;
  /** For what is answered at once. */
  readonly #beating: CoordinatorLink;
  /** How long a join or a sync may take. */
  readonly #roundTimeoutMs: number;
  /** Counts joins and syncs: what is answered to others than the last of them nobody waits for. */
  #asked = 0;
  #isAsking = false;
  #memberId = '';
  #generation = -1;
  #timer: NodeJS.Timeout | undefined;
  #losing: Promise<void> = Promise.resolve();
  #leaving: Promise<void> | null = null;
  readonly #ended = new AbortController();
  #isTroubleTold = false;

  constructor(client: KafkaClient, options: GroupMemberOptions, host: GroupHost) {
    this.#options = options;
    this.#host = host;
    this.#log = client.log;
    this.#membership = new Membership(options);
    // Another broker can be asked before the session is over.
    const halfSessionMs = options.sessionTimeoutMs / 2;
    const connectionTimeoutMs = Math.min(client.config.connectionTimeoutMs, halfSessionMs);
    const requestTimeoutMs = Math.min(client.config.requestTimeoutMs, halfSessionMs);
    const patient = createKafkaClient(
      { ...client.config, connectionTimeoutMs, requestTimeoutMs },
      client.log,
    );
    this.#waiting = new CoordinatorLink(patient, options.groupId);
    this.#beating = new CoordinatorLink(patient, options.groupId);
    this.#roundTimeoutMs = options.rebalanceTimeoutMs + requestTimeoutMs;
  }

  start(): void {
    this.#on({ type: 'start' });
  }

  /** The work is to be shared out anew. */
  rejoin(): void {
    this.#on({ type: 'rejoin' });
  }

  /** Loses what it still runs and leaves the group, also as a static member; resolves when the coordinator knows, or is not reached. */
  async stop(): Promise<void> {
    this.#on({ type: 'stop' });
    this.#end();
    await this.#left();
    this.#beating.close();
  }

  #on(event: MembershipEvent): void {
    if (this.#ended.signal.aborted) return;
    for (const action of this.#membership.on(event, performance.now())) this.#do(action);
  }

  #do(action: MembershipAction): void {
    switch (action.type) {
      case 'join':
        void this.#ask(() => this.#join(action));
        break;
      case 'assign':
        void this.#assign(action);
        break;
      case 'sync':
        void this.#ask(() => this.#sync(action));
        break;
      case 'heartbeat':
        void this.#heartbeat(action);
        break;
      case 'leave':
        this.#leaving = this.#leave(action);
        break;
      case 'apply':
        void this.#apply(action);
        break;
      case 'lose':
        this.#losing = this.#lose(action.reason);
        break;
      case 'wakeAt':
        clearTimeout(this.#timer);
        this.#timer = setTimeout(
          () => this.#on({ type: 'tick' }),
          Math.max(0, action.atMs - performance.now()),
        );
        break;
      case 'fail':
        this.#fail(action.error);
        break;
    }
  }

  /** Asks what takes as long as the others take, in place of what was asked before. */
  async #ask(request: () => Promise<MembershipEvent>): Promise<void> {
    // The request would be looked at only once the one before it is answered.
    if (this.#isAsking) this.#waiting.close();
    this.#isAsking = true;
    this.#asked += 1;
    const asked = this.#asked;
    const event = await request();
    if (asked !== this.#asked) return;
    this.#isAsking = false;
    if (event.type === 'joined') {
      this.#memberId = event.memberId;
      this.#generation = event.generation;
    }
    this.#on(event);
  }

  async #join({ memberId }: ActionOf<'join'>): Promise<EventOf<'joined' | 'joinRefused'>> {
    const { groupId, instanceId, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    const doing = `Joining group "${groupId}"`;
    try {
      const metadata = encodeMetadata(this.#host.metadata());
      const protocols = [{ name: PROTOCOL.name, metadata }];
      const timeouts = { sessionTimeoutMs, rebalanceTimeoutMs };
      const request = {
        groupId,
        memberId,
        instanceId,
        ...timeouts,
        protocolType: PROTOCOL.type,
        protocols,
      };
      const { answer } = await this.#waiting.call(JOIN_GROUP, request, doing, this.#roundTimeoutMs);
      if (isError(answer.errorCode, 'MEMBER_ID_REQUIRED'))
        return { type: 'joinRefused', refusal: { type: 'idGiven', memberId: answer.memberId } };
      failOn(answer.errorCode, doing);
      this.#isTroubleTold = false;
      const members = answer.leader === answer.memberId ? answer.members.map(joinedMember) : null;
      return { type: 'joined', memberId: answer.memberId, generation: answer.generation, members };
    } catch (error) {
      return { type: 'joinRefused', refusal: this.#refusal(error) };
    }
  }

  async #sync({
    memberId,
    generation,
    assignments,
  }: ActionOf<'sync'>): Promise<EventOf<'synced' | 'syncRefused'>> {
    const { groupId, instanceId } = this.#options;
    const doing = `Learning what is its own in group "${groupId}"`;
    try {
      const encoded = [...assignments].map(([id, assignment]) => ({
        memberId: id,
        assignment: encodeAssignment(assignment),
      }));
      const request = { groupId, generation, memberId, instanceId, assignments: encoded };
      const { answer } = await this.#waiting.call(SYNC_GROUP, request, doing, this.#roundTimeoutMs);
      failOn(answer.errorCode, doing);
      return { type: 'synced', assignment: decodeAssignment(answer.assignment) };
    } catch (error) {
      return { type: 'syncRefused', refusal: this.#refusal(error) };
    }
  }

  async #heartbeat({ memberId, generation }: ActionOf<'heartbeat'>): Promise<void> {
    const { groupId, instanceId } = this.#options;
    const doing = `Heartbeat to group "${groupId}"`;
    let sentAtMs = performance.now();
    try {
      const request = { groupId, generation, memberId, instanceId };
      const sent = await this.#beating.call(HEARTBEAT, request, doing);
      sentAtMs = sent.sentAtMs;
      failOn(sent.answer.errorCode, doing);
      this.#on({ type: 'heartbeat', sentAtMs });
    } catch (error) {
      // What was asked in a generation that has ended meanwhile says nothing of this one.
      if (generation !== this.#generation) return;
      const refusal = this.#refusal(error);
      // A coordinator that does not answer will not answer a join either.
      if (refusal.type === 'unreachable' && this.#isAsking) this.#waiting.close();
      this.#on({ type: 'heartbeatRefused', sentAtMs, refusal });
    }
  }

  async #assign({ generation, members }: ActionOf<'assign'>): Promise<void> {
    const isCurrent = () => generation === this.#generation && !this.#isAsking;
    const mayPass = (error: unknown) => error instanceof HeadraceError && error.retriable && isCurrent();
    const options = { timeoutMs: this.#options.rebalanceTimeoutMs, signal: this.#ended.signal };
    try {
      const assignments = await retryWhile(mayPass, options, () => this.#host.assign(members));
      this.#on({ type: 'assigned', generation, assignments });
    } catch (error) {
      if (isCurrent()) this.#fail(error);
    }
  }

  async #apply({ type: _, ...change }: ActionOf<'apply'>): Promise<void> {
    try {
      await this.#host.apply({ ...change, memberId: this.#memberId });
      this.#on({ type: 'released', generation: change.generation });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #lose(reason: string): Promise<void> {
    try {
      await this.#host.lose(reason);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Once its tasks have ended: from then on others get them. Who is not reached is put out when the session ends. */
  async #leave({ memberId }: ActionOf<'leave'>): Promise<void> {
    await this.#losing;
    const { groupId, instanceId } = this.#options;
    const doing = `Leaving group "${groupId}"`;
    try {
      const { answer } = await this.#beating.call(LEAVE_GROUP, { groupId, memberId, instanceId }, doing);
      failOn(answer.errorCode, doing);
    } catch (error) {
      this.#log('warn', 'The group was not left', { group: groupId, reason: reasonOf(error) });
    }
  }

  #refusal(error: unknown): ReturnType<typeof refusalOf> {
    const refusal = refusalOf(error);
    if (refusal.type === 'unreachable' && !this.#isTroubleTold && !this.#ended.signal.aborted) {
      this.#isTroubleTold = true;
      const { groupId: group } = this.#options;
      this.#log('warn', 'The coordinator of the group is not reached', { group, reason: reasonOf(error) });
    }
    return refusal;
  }

  #fail(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    // Of its tasks and of the coordinator, where that is not done yet.
    this.#on({ type: 'stop' });
    this.#end();
    void this.#left().then(() => this.#beating.close());
    this.#host.fail(error instanceof Error ? error : new Error(String(error)));
  }

  async #left(): Promise<void> {
    await (this.#leaving ?? this.#losing);
  }

  /** Nothing more is done of itself. */
  #end(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#waiting.close();
  }
}

function joinedMember({
  metadata,
  ...member
}: {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly metadata: Buffer;
}): JoinedMember {
  return { ...member, metadata: decodeMetadata(metadata) };
}
