import { HeadraceError } from '../errors.ts';
import type { GroupRefusal, MembershipAction, MembershipEvent } from './membership-events.ts';
import { OwnSession } from './own-session.ts';

export interface MembershipOptions {
  /** `group.instance.id`; null of a worker that is new each time it starts. */
  readonly instanceId: string | null;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
}

/**
 * - `idle`: not started.
 * - `joining`: waits until all have joined.
 * - `assigning`: leads, and shares the work out.
 * - `syncing`: waits for what the leader has decided.
 * - `stable`: has been told what is its own.
 * - `waiting`: the coordinator was not reached; joins again soon.
 * - `ended`: left, or failed for good.
 *
 * In all but `idle` and `ended` it goes on running the tasks it had, as long as its session lasts by its own clock.
 */
type MembershipState = 'idle' | 'joining' | 'assigning' | 'syncing' | 'stable' | 'waiting' | 'ended';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_000;
/** Before it joins again as a leader that was behind or does not know that it leads, or since an answer seems to be lost. */
const AGAIN_MS = 200;
/**
 * What was let go of in a round is given away in another one, which follows soon, and of which a member learns by a
 * heartbeat: so for a while after each round these come quickly.
 */
const QUICK_BEAT_MS = 250;
const QUICK_BEATS_FOR_MS = 3_000;

/**
 * What one member of a group does, as a function of what happens and of a clock that is handed in: how it joins, when it
 * must end its tasks, when it joins again. It keeps no socket and no timer, so a worker and a simulation run the same.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #session: OwnSession;
  #state: MembershipState = 'idle';
  #memberId = '';
  /** -1: of none that the coordinator would know. */
  #generation = -1;
  #leads = false;
  /** Tasks, or the lead, may have been taken on, and not given up since. */
  #holds = false;
  /** The generation in which tasks were to be let go that have not ended yet. */
  #lettingGo: number | null = null;
  /** The work is to be shared out anew once this round has ended. */
  #wantsRejoin = false;
  #askedAtMs = 0;
  #awaitsBeat = false;
  #nextBeatAtMs = 0;
  #quickUntilMs = Number.NEGATIVE_INFINITY;
  #joinAtMs = Number.POSITIVE_INFINITY;
  #failures = 0;
  #wakesAtMs = Number.POSITIVE_INFINITY;
  #actions: MembershipAction[] = [];

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#session = new OwnSession(options);
  }

  /**
   * Whether its tasks and its lead are still its own, by its own clock. To be asked before, and after what takes long, where
   * others would be shut out: after a process was suspended its timers are late.
   */
  isSure(nowMs: number): boolean {
    return this.#holds && nowMs < this.#session.endsAtMs;
  }

  on(event: MembershipEvent, nowMs: number): readonly MembershipAction[] {
    if (this.#state === 'ended') return [];
    this.#actions = [];
    this.#take(event, nowMs);
    this.#endSession(nowMs);
    this.#wake(event, nowMs);
    return this.#actions;
  }

  #take(event: MembershipEvent, nowMs: number): void {
    switch (event.type) {
      case 'start':
        if (this.#state === 'idle') this.#join(nowMs);
        break;
      case 'tick':
        this.#tick(nowMs);
        break;
      case 'joined':
        if (this.#state === 'joining') this.#joined(event, nowMs);
        break;
      case 'joinRefused':
        if (this.#state === 'joining') this.#joinRefused(event.refusal, nowMs);
        break;
      case 'assigned':
        if (this.#state === 'assigning' && event.generation === this.#generation)
          this.#sync(event.assignments, nowMs);
        break;
      case 'synced':
        if (this.#state === 'syncing') this.#synced(event, nowMs);
        break;
      case 'syncRefused':
        if (this.#state === 'syncing') this.#syncRefused(event.refusal, nowMs);
        break;
      case 'heartbeat':
        this.#answered(event.sentAtMs);
        break;
      case 'heartbeatRefused':
        this.#heartbeatRefused(event, nowMs);
        break;
      case 'released':
        if (event.generation === this.#lettingGo) this.#released(nowMs);
        break;
      case 'rejoin':
        this.#rejoin(nowMs);
        break;
      case 'stop':
        this.#stop();
        break;
    }
  }

  #tick(nowMs: number): void {
    this.#endSession(nowMs);
    if (nowMs >= this.#joinAtMs) this.#join(nowMs);
    if (this.#beats && nowMs >= this.#nextBeatAtMs) this.#heartbeat();
  }

  /** Tasks that were let go of are told of as its own until they have ended, so a round that is under way may go on. */
  #join(nowMs: number): void {
    this.#state = 'joining';
    this.#wantsRejoin = false;
    this.#asks(nowMs);
    this.#actions.push({ type: 'join', memberId: this.#memberId });
  }

  /** What is not answered for as long as a session lasts was lost, or its answer: all would wait for this member. */
  #asks(nowMs: number): void {
    this.#askedAtMs = nowMs;
    this.#joinAtMs = nowMs + this.#options.sessionTimeoutMs;
  }

  #joined(event: MembershipEvent & { type: 'joined' }, nowMs: number): void {
    const isNewRound = event.generation !== this.#generation;
    this.#memberId = event.memberId;
    this.#generation = event.generation;
    this.#leads = event.members !== null;
    // What was sent before is not told of any more.
    this.#awaitsBeat = false;
    this.#joinAtMs = Number.POSITIVE_INFINITY;
    if (isNewRound) this.#session.joined(this.#askedAtMs);
    else this.#session.known(this.#askedAtMs);
    this.#beatAfter(nowMs);
    if (event.members === null) {
      this.#sync(new Map(), nowMs);
      return;
    }
    this.#state = 'assigning';
    this.#actions.push({ type: 'assign', generation: event.generation, members: event.members });
  }

  #sync(assignments: (MembershipEvent & { type: 'assigned' })['assignments'], nowMs: number): void {
    this.#state = 'syncing';
    this.#asks(nowMs);
    const { memberId, generation } = this.#own;
    this.#actions.push({ type: 'sync', memberId, generation, assignments });
  }

  #synced({ assignment }: MembershipEvent & { type: 'synced' }, nowMs: number): void {
    this.#state = 'stable';
    this.#joinAtMs = Number.POSITIVE_INFINITY;
    this.#failures = 0;
    this.#session.answered(this.#askedAtMs);
    this.#quickUntilMs = nowMs + QUICK_BEATS_FOR_MS;
    this.#beatAfter(nowMs);
    const { instanceId } = this.#options;
    if (nowMs >= this.#session.endsAtMs) {
      // A process that was suspended finds an old answer: what it says may be others' by now.
      this.#giveUp('the answer of the coordinator of the group came too late');
      this.#join(nowMs);
      return;
    }
    if (assignment.error === 'behind') {
      if (this.#leads) this.#joinAtMs = nowMs + AGAIN_MS;
    } else {
      this.#holds = true;
      this.#lettingGo = assignment.revoked.size > 0 ? this.#generation : null;
      this.#actions.push({
        type: 'apply',
        generation: this.#generation,
        isLeader: this.#leads,
        assignment,
      });
      const leadsUnknowingly =
        !this.#leads && instanceId !== null && assignment.leaderInstanceId === instanceId;
      if (leadsUnknowingly) this.#joinAtMs = nowMs + AGAIN_MS;
    }
    if (this.#wantsRejoin) this.#join(nowMs);
  }

  #joinRefused(refusal: GroupRefusal, nowMs: number): void {
    switch (refusal.type) {
      case 'idGiven':
        this.#memberId = refusal.memberId;
        this.#join(nowMs);
        break;
      case 'lost': {
        const wasKnown = this.#memberId !== '';
        this.#lost('the coordinator of the group does not know this worker any more');
        this.#memberId = '';
        if (wasKnown) this.#join(nowMs);
        else this.#joinLater(nowMs);
        break;
      }
      case 'rebalance':
      case 'unreachable':
        this.#joinLater(nowMs);
        break;
      default:
        this.#fail(refusal);
    }
  }

  #syncRefused(refusal: GroupRefusal, nowMs: number): void {
    switch (refusal.type) {
      case 'rebalance':
        this.#join(nowMs);
        break;
      case 'lost':
        this.#lostInRound(nowMs);
        break;
      case 'unreachable':
      case 'idGiven':
        this.#joinLater(nowMs);
        break;
      default:
        this.#fail(refusal);
    }
  }

  #answered(sentAtMs: number): void {
    this.#awaitsBeat = false;
    this.#failures = 0;
    this.#beatAfter(sentAtMs);
    // Before all have asked what they got the time of the round goes on, as in a rebalance.
    if (this.#state === 'stable') this.#session.answered(sentAtMs);
    else this.#session.known(sentAtMs);
  }

  #heartbeatRefused(event: MembershipEvent & { type: 'heartbeatRefused' }, nowMs: number): void {
    this.#awaitsBeat = false;
    this.#beatAfter(event.sentAtMs);
    const { refusal } = event;
    // A join that the coordinator has got may have ended this generation there: its answer tells, unless it was lost.
    const mayHaveJoined = this.#state === 'joining' || this.#state === 'waiting';
    switch (refusal.type) {
      case 'rebalance':
        this.#session.known(event.sentAtMs);
        if (this.#state === 'stable') this.#join(nowMs);
        break;
      case 'lost':
        if (mayHaveJoined) this.#joinAtMs = Math.min(this.#joinAtMs, nowMs + AGAIN_MS);
        else this.#lostInRound(nowMs);
        break;
      case 'unreachable':
      case 'idGiven':
        this.#nextBeatAtMs = nowMs + this.#retryMs();
        break;
      default:
        this.#fail(refusal);
    }
  }

  #released(nowMs: number): void {
    this.#lettingGo = null;
    // In a round that is under way what is still to be let go is told once more.
    if (this.#state === 'stable') this.#join(nowMs);
  }

  #rejoin(nowMs: number): void {
    if (this.#state === 'stable') this.#join(nowMs);
    else this.#wantsRejoin = true;
  }

  #stop(): void {
    this.#giveUp('the worker stops');
    // One with a name of its own is a member from when it asked, before it has an answer.
    const mayBeKnown = this.#state === 'joining' && this.#options.instanceId !== null;
    if (this.#memberId !== '' || mayBeKnown) this.#actions.push({ type: 'leave', memberId: this.#memberId });
    this.#state = 'ended';
  }

  #fail(refusal: GroupRefusal & { type: 'fenced' | 'refused' }): void {
    const error = refusal.type === 'refused' ? refusal.error : this.#fencedError();
    this.#giveUp(error.message);
    this.#actions.push({ type: 'fail', error });
    this.#state = 'ended';
  }

  #fencedError(): HeadraceError {
    return new HeadraceError(
      'KAFKA_FENCED',
      `Another worker has joined the group as group.instance.id ${this.#options.instanceId}, and this one is out of it. ` +
        'Nothing is lost or doubled. Give each worker an id of its own, or stop this one.',
    );
  }

  /** The coordinator has put the member out, or will not hear of its generation. */
  #lostInRound(nowMs: number): void {
    this.#lost('the coordinator of the group has put this worker out');
    this.#join(nowMs);
  }

  #lost(reason: string): void {
    this.#giveUp(reason);
    this.#generation = -1;
    this.#awaitsBeat = false;
  }

  #giveUp(reason: string): void {
    this.#lettingGo = null;
    if (!this.#holds) return;
    this.#holds = false;
    this.#actions.push({ type: 'lose', reason });
  }

  /** No later than the coordinator gives the tasks to others. */
  #endSession(nowMs: number): void {
    if (!this.#holds || nowMs < this.#session.endsAtMs) return;
    this.#giveUp('the coordinator of the group has not answered for as long as a session lasts');
    // It may have kept the member all the same, and what was asked of it before may never be answered.
    if (this.#state !== 'waiting') this.#join(nowMs);
  }

  #joinLater(nowMs: number): void {
    this.#state = 'waiting';
    this.#joinAtMs = nowMs + this.#retryMs();
  }

  #retryMs(): number {
    const retryMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures++;
    return retryMs;
  }

  #beatAfter(sentAtMs: number): void {
    const { heartbeatIntervalMs } = this.#options;
    const isQuick = sentAtMs < this.#quickUntilMs;
    this.#nextBeatAtMs =
      sentAtMs + (isQuick ? Math.min(QUICK_BEAT_MS, heartbeatIntervalMs) : heartbeatIntervalMs);
  }

  #heartbeat(): void {
    this.#awaitsBeat = true;
    this.#actions.push({ type: 'heartbeat', ...this.#own });
  }

  get #own(): { readonly memberId: string; readonly generation: number } {
    return { memberId: this.#memberId, generation: this.#generation };
  }

  get #beats(): boolean {
    return !this.#awaitsBeat && this.#memberId !== '' && this.#generation >= 0;
  }

  #wake(event: MembershipEvent, nowMs: number): void {
    if (event.type === 'tick') this.#wakesAtMs = Number.POSITIVE_INFINITY;
    if (this.#state === 'ended') return;
    const times = [
      this.#joinAtMs,
      this.#beats ? this.#nextBeatAtMs : Number.POSITIVE_INFINITY,
      this.#holds ? this.#session.endsAtMs : Number.POSITIVE_INFINITY,
    ];
    const atMs = Math.max(nowMs, Math.min(...times));
    if (atMs === this.#wakesAtMs || atMs === Number.POSITIVE_INFINITY) return;
    this.#wakesAtMs = atMs;
    this.#actions.push({ type: 'wakeAt', atMs });
  }
}
