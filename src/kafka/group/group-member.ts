import { setTimeout as sleep } from 'node:timers/promises';
import { Membership } from '../../cluster/membership.ts';
import type { GroupRefusal, MembershipAction, MembershipEvent } from '../../cluster/membership-events.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import { reasonOf } from '../connection/errors.ts';
import type { KafkaLog } from '../connection/kafkajs-internals.ts';
import { retryWhile } from '../connection/retry.ts';
import type { GroupHost } from './group-host.ts';
import { type ActionOf, type GroupMemberOptions, MemberRequests } from './member-requests.ts';
import { refusalOf } from './refusal.ts';

/** How long a worker that stops waits for the coordinator: without a word it is put out when its session ends. */
const LEAVE_MS = 2_000;

/** A member of a group: does what {@link Membership} says, and tells it what came of it. */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #host: GroupHost;
  readonly #log: KafkaLog;
  readonly #membership: Membership;
  readonly #requests: MemberRequests;
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
    this.#requests = new MemberRequests(client, options);
  }

  start(): void {
    this.#on({ type: 'start' });
  }

  /** The work is to be shared out anew. */
  rejoin(): void {
    this.#on({ type: 'rejoin' });
  }

  /** Whether its tasks and its lead are its own still, by its own clock, though its timers may be late ({@link Membership.isSure}). */
  get isSure(): boolean {
    return this.#membership.isSure(performance.now());
  }

  /** Loses what it still runs and leaves the group, also as a static member; resolves when the coordinator knows, or is not reached. */
  async stop(): Promise<void> {
    this.#on({ type: 'stop' });
    this.#end();
    await this.#left();
  }

  #on(event: MembershipEvent): void {
    if (this.#ended.signal.aborted) return;
    for (const action of this.#membership.on(event, performance.now())) this.#do(action);
  }

  #do(action: MembershipAction): void {
    switch (action.type) {
      case 'join':
        void this.#ask('joinRefused', async () =>
          this.#requests.join(action.memberId, this.#host.metadata()),
        );
        break;
      case 'assign':
        void this.#assign(action);
        break;
      case 'sync':
        void this.#ask('syncRefused', async () => this.#requests.sync(action));
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
        this.#wakeAt(action.atMs);
        break;
      case 'fail':
        this.#fail(action.error);
        break;
    }
  }

  /** Asks what takes as long as the others take, in place of what was asked before. */
  async #ask(refused: 'joinRefused' | 'syncRefused', request: () => Promise<MembershipEvent>): Promise<void> {
    if (this.#isAsking) this.#requests.giveUpWaiting();
    this.#isAsking = true;
    this.#asked += 1;
    const asked = this.#asked;
    const answer = await request().catch((error: unknown) => ({ error }));
    if (asked !== this.#asked) return;
    this.#isAsking = false;
    if ('error' in answer) {
      this.#on({ type: refused, refusal: this.#refusal(answer.error) });
      return;
    }
    this.#answered();
    if (answer.type === 'joined') {
      this.#memberId = answer.memberId;
      this.#generation = answer.generation;
    }
    this.#on(answer);
  }

  async #heartbeat(action: ActionOf<'heartbeat'>): Promise<void> {
    const sentAtMs = performance.now();
    try {
      await this.#requests.heartbeat(action);
      this.#answered();
      this.#on({ type: 'heartbeat', sentAtMs });
    } catch (error) {
      // What was asked in a generation that has ended meanwhile says nothing of this one.
      if (action.generation !== this.#generation) return;
      this.#on({ type: 'heartbeatRefused', sentAtMs, refusal: this.#refusal(error) });
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

  /** Once its tasks have ended: from then on others get them. */
  async #leave(action: ActionOf<'leave'>): Promise<void> {
    await this.#losing;
    const late = new AbortController();
    const { signal } = late;
    const tooLate = sleep(LEAVE_MS, undefined, { signal }).then(() => {
      throw new Error(`no answer within ${LEAVE_MS} ms`);
    });
    try {
      await Promise.race([this.#requests.leave(action), tooLate]);
    } catch (error) {
      const { groupId: group } = this.#options;
      this.#log('warn', 'The group was not left', { group, reason: reasonOf(error) });
    } finally {
      late.abort();
    }
  }

  #wakeAt(atMs: number): void {
    clearTimeout(this.#timer);
    const inMs = Math.max(0, atMs - performance.now());
    this.#timer = setTimeout(() => this.#on({ type: 'tick' }), inMs);
  }

  #refusal(error: unknown): GroupRefusal {
    const refusal = refusalOf(error);
    if (refusal.type !== 'unreachable') this.#answered();
    else if (!this.#isTroubleTold && !this.#ended.signal.aborted) {
      this.#isTroubleTold = true;
      const { groupId: group } = this.#options;
      this.#log('warn', 'The coordinator of the group is not reached', { group, reason: reasonOf(error) });
    }
    return refusal;
  }

  #answered(): void {
    if (!this.#isTroubleTold) return;
    this.#isTroubleTold = false;
    this.#log('info', 'The coordinator of the group answers again', { group: this.#options.groupId });
  }

  #fail(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    // Of its tasks and of the coordinator, where that is not done yet.
    this.#on({ type: 'stop' });
    this.#end();
    void this.#left();
    this.#host.fail(error instanceof Error ? error : new Error(String(error)));
  }

  async #left(): Promise<void> {
    await (this.#leaving ?? this.#losing);
    this.#requests.close();
  }

  /** Nothing more is done of itself. */
  #end(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#requests.giveUpWaiting();
  }
}
