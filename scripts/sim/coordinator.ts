import type { GroupRefusal, JoinedMember } from '../../src/cluster/membership-events.ts';
import type { Assignment, MemberMetadata } from '../../src/cluster/messages.ts';
import type { Answer } from './network.ts';
import { Process } from './process.ts';
import type { World } from './world.ts';

export interface JoinRequest {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly metadata: MemberMetadata;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
}

export type JoinAnswer =
  | {
      readonly memberId: string;
      readonly generation: number;
      readonly members: readonly JoinedMember[] | null;
    }
  | { readonly refusal: GroupRefusal };
export type SyncAnswer = { readonly assignment: Assignment } | { readonly refusal: GroupRefusal };
export type HeartbeatAnswer = { readonly refusal: GroupRefusal | null };

interface Member {
  readonly id: string;
  readonly instanceId: string | null;
  metadata: MemberMetadata;
  /** What it told, in a form in which it can be compared. */
  told: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  /** Counts sessions: of one that began anew, the end of the one before means nothing. */
  session: number;
  join: Answer<JoinAnswer> | null;
  sync: Answer<SyncAnswer> | null;
  assignment: Assignment | null;
}

type Stage = 'empty' | 'preparing' | 'completing' | 'stable';

const REFUSED = {
  lost: { refusal: { type: 'lost' } },
  rebalance: { refusal: { type: 'rebalance' } },
  fenced: { refusal: { type: 'fenced' } },
} as const;

/** The first members of a group wait this long for others. */
const FIRST_REBALANCE_MS = 3_000;

/**
 * Kafka's coordinator of one group, by the rules of its broker: generations, sessions, static members, a new member's id.
 * What it holds in memory alone is gone when another broker takes over.
 */
export class Coordinator {
  readonly #world: World;
  #process: Process;
  #stage: Stage = 'empty';
  #generation = 0;
  #leader: string | null = null;
  #members = new Map<string, Member>();
  /** Ids that were given and not used yet. */
  #given = new Set<string>();
  #round = 0;
  #awaitsFirst = false;
  #ids = 0;
  #stored: { generation: number; leader: string | null; members: readonly Member[] } = {
    generation: 0,
    leader: null,
    members: [],
  };

  constructor(world: World) {
    this.#world = world;
    this.#process = new Process(world);
  }

  get isThere(): boolean {
    return !this.#process.isSuspended;
  }

  get isStable(): boolean {
    return this.isThere && this.#stage === 'stable';
  }

  get memberIds(): readonly string[] {
    return [...this.#members.keys()];
  }

  /** Another broker takes over after a while, with what is stored in the group's topic. */
  move(forMs: number): void {
    this.#world.tell('coordinator: moves');
    for (const member of this.#members.values()) {
      member.join?.(null);
      member.sync?.(null);
    }
    this.#process.isAlive = false;
    const next = new Process(this.#world);
    next.isSuspended = true;
    this.#process = next;
    this.#world.after(forMs, () => {
      if (this.#process !== next) return;
      next.resume();
      this.#load();
    });
  }

  join(request: JoinRequest, answer: Answer<JoinAnswer>): void {
    const { memberId, instanceId } = request;
    if (memberId === '' && instanceId === null) {
      const given = this.#newId();
      this.#given.add(given);
      this.#process.after(request.sessionTimeoutMs, () => this.#forgetGiven(given));
      return answer({ refusal: { type: 'idGiven', memberId: given } });
    }
    const same = instanceId === null ? undefined : this.#byInstance(instanceId);
    if (same !== undefined && memberId === '') return this.#replace(same, request, answer);
    if (same !== undefined && same.id !== memberId) return answer(REFUSED.fenced);
    const member = this.#members.get(memberId);
    if (member !== undefined) return this.#rejoin(member, request, answer);
    if (memberId !== '' && !this.#given.delete(memberId)) return answer(REFUSED.lost);
    this.#add(memberId === '' ? this.#newId() : memberId, request, answer);
  }

  sync(
    memberId: string,
    generation: number,
    assignments: ReadonlyMap<string, Assignment>,
    answer: Answer<SyncAnswer>,
  ): void {
    const member = this.#members.get(memberId);
    if (member === undefined || generation !== this.#generation) return answer(REFUSED.lost);
    if (this.#stage === 'preparing') return answer(REFUSED.rebalance);
    if (this.#stage === 'stable') {
      this.#keepAlive(member);
      if (member.assignment !== null) answer({ assignment: member.assignment });
      return;
    }
    member.sync = answer;
    if (memberId !== this.#leader) return;
    this.#stage = 'stable';
    for (const one of this.#members.values()) one.assignment = assignments.get(one.id) ?? null;
    this.#store();
    for (const one of this.#members.values()) this.#tellAssignment(one);
  }

  heartbeat(
    memberId: string,
    instanceId: string | null,
    generation: number,
    answer: Answer<HeartbeatAnswer>,
  ): void {
    const member = this.#members.get(memberId);
    if (member === undefined) {
      const isFenced = instanceId !== null && this.#byInstance(instanceId) !== undefined;
      return answer(isFenced ? REFUSED.fenced : REFUSED.lost);
    }
    if (generation !== this.#generation) return answer(REFUSED.lost);
    this.#keepAlive(member);
    answer(this.#stage === 'preparing' ? REFUSED.rebalance : { refusal: null });
  }

  leave(memberId: string, instanceId: string | null): void {
    const isNamed = memberId === '' && instanceId !== null;
    const member = isNamed ? this.#byInstance(instanceId) : this.#members.get(memberId);
    if (member !== undefined) this.#remove(member, 'has left');
  }

  #newId(): string {
    return `m${String(++this.#ids).padStart(3, '0')}`;
  }

  #forgetGiven(id: string): void {
    if (this.#given.delete(id) && this.#stage === 'preparing') this.#completeIfAllJoined();
  }

  #byInstance(instanceId: string): Member | undefined {
    return [...this.#members.values()].find((member) => member.instanceId === instanceId);
  }

  #add(id: string, request: JoinRequest, answer: Answer<JoinAnswer>): void {
    const member: Member = {
      id,
      instanceId: request.instanceId,
      metadata: request.metadata,
      told: toldOf(request.metadata),
      sessionTimeoutMs: request.sessionTimeoutMs,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs,
      session: 0,
      join: answer,
      sync: null,
      assignment: null,
    };
    this.#members.set(id, member);
    this.#leader ??= id;
    this.#keepAlive(member);
    this.#prepare(`${id} is new`);
  }

  /** One that was started anew: where nothing changes for the others, it is given what it had. */
  #replace(old: Member, request: JoinRequest, answer: Answer<JoinAnswer>): void {
    const id = this.#newId();
    this.#world.tell(`coordinator: ${id} replaces ${old.id}`);
    old.join?.(REFUSED.fenced);
    old.sync?.(REFUSED.fenced);
    this.#members.delete(old.id);
    const member: Member = { ...old, id, metadata: request.metadata, told: toldOf(request.metadata) };
    member.join = null;
    member.sync = null;
    this.#members.set(id, member);
    if (this.#leader === old.id) this.#leader = id;
    old.session++;
    this.#keepAlive(member);
    if (this.#stage === 'stable') {
      this.#store();
      // Also one that leads: it is told who led before it came back.
      return answer({ memberId: id, generation: this.#generation, members: null });
    }
    member.join = answer;
    this.#prepare(`${id} came back`);
  }

  #rejoin(member: Member, request: JoinRequest, answer: Answer<JoinAnswer>): void {
    const told = toldOf(request.metadata);
    const isSame = told === member.told;
    const inVain =
      (this.#stage === 'stable' && isSame && member.id !== this.#leader) ||
      (this.#stage === 'completing' && isSame);
    this.#keepAlive(member);
    member.metadata = request.metadata;
    member.told = told;
    if (inVain) return answer(this.#joinedAs(member));
    member.join?.(REFUSED.rebalance);
    member.join = answer;
    this.#prepare(`${member.id} joins again`);
  }

  #prepare(why: string): void {
    if (this.#stage === 'preparing') return this.#completeIfAllJoined();
    this.#awaitsFirst = this.#stage === 'empty';
    this.#stage = 'preparing';
    this.#world.tell(`coordinator: a rebalance, as ${why}`);
    for (const member of this.#members.values()) {
      member.sync?.(REFUSED.rebalance);
      member.sync = null;
      if (member.join === null) this.#keepAlive(member);
    }
    const round = ++this.#round;
    const timeouts = [...this.#members.values()].map((member) => member.rebalanceTimeoutMs);
    const waitsMs = this.#awaitsFirst ? FIRST_REBALANCE_MS : Math.max(0, ...timeouts);
    this.#process.after(waitsMs, () => this.#endRound(round));
    this.#completeIfAllJoined();
  }

  #completeIfAllJoined(): void {
    if (this.#awaitsFirst || this.#given.size > 0) return;
    if ([...this.#members.values()].every(({ join }) => join !== null)) this.#complete();
  }

  /** Who has not joined by now is out; static members are when their sessions end. */
  #endRound(round: number): void {
    if (this.#stage !== 'preparing' || round !== this.#round) return;
    for (const member of [...this.#members.values()]) {
      if (member.join !== null || member.instanceId !== null) continue;
      this.#world.tell(`coordinator: ${member.id} has not joined in time`);
      this.#drop(member);
    }
    const joined = [...this.#members.values()].filter(({ join }) => join !== null);
    if (joined.length === 0 && this.#members.size > 0)
      return this.#process.after(FIRST_REBALANCE_MS, () => this.#endRound(round));
    if (!joined.some(({ id }) => id === this.#leader)) this.#leader = joined[0]?.id ?? null;
    this.#complete();
  }

  #complete(): void {
    this.#awaitsFirst = false;
    this.#generation++;
    if (this.#members.size === 0) {
      this.#stage = 'empty';
      return this.#store();
    }
    this.#stage = 'completing';
    const round = ++this.#round;
    this.#world.tell(
      `coordinator: generation ${this.#generation}, led by ${this.#leader}, of ${[...this.#members.keys()].join()}`,
    );
    let longestMs = 0;
    for (const member of this.#members.values()) {
      this.#keepAlive(member);
      longestMs = Math.max(longestMs, member.rebalanceTimeoutMs);
      const { join } = member;
      member.join = null;
      join?.(this.#joinedAs(member));
    }
    this.#process.after(longestMs, () => {
      if (this.#stage !== 'completing' || round !== this.#round) return;
      for (const member of [...this.#members.values()].filter(({ sync }) => sync === null))
        this.#remove(member, 'has not asked what it got');
    });
  }

  #joinedAs(member: Member): JoinAnswer {
    const members = [...this.#members.values()].map(({ id, instanceId, metadata }) => ({
      memberId: id,
      instanceId,
      metadata,
    }));
    const leads = member.id === this.#leader;
    return { memberId: member.id, generation: this.#generation, members: leads ? members : null };
  }

  #tellAssignment(member: Member): void {
    const { sync, assignment } = member;
    member.sync = null;
    this.#keepAlive(member);
    if (assignment !== null) sync?.({ assignment });
  }

  #keepAlive(member: Member): void {
    const session = ++member.session;
    this.#process.after(member.sessionTimeoutMs, () => {
      if (this.#members.get(member.id) !== member || session !== member.session) return;
      const awaits = member.join !== null || member.sync !== null;
      if (awaits) this.#keepAlive(member);
      else this.#remove(member, 'has not been heard of');
    });
  }

  #remove(member: Member, why: string): void {
    this.#world.tell(`coordinator: ${member.id} ${why}`);
    this.#drop(member);
    if (this.#stage === 'preparing') this.#completeIfAllJoined();
    else this.#prepare(`${member.id} is gone`);
  }

  #drop(member: Member): void {
    this.#members.delete(member.id);
    member.join?.(REFUSED.lost);
    member.sync?.(REFUSED.lost);
    if (this.#leader === member.id) this.#leader = this.#members.keys().next().value ?? null;
  }

  #store(): void {
    this.#stored = {
      generation: this.#generation,
      leader: this.#leader,
      members: [...this.#members.values()].map((member) => ({ ...member, join: null, sync: null })),
    };
  }

  #load(): void {
    const { generation, leader, members } = this.#stored;
    this.#world.tell(`coordinator: another broker, with generation ${generation}`);
    this.#generation = generation;
    this.#leader = leader;
    this.#given = new Set();
    this.#round++;
    this.#members = new Map(members.map((member) => [member.id, { ...member }]));
    this.#stage = this.#members.size === 0 ? 'empty' : 'stable';
    for (const member of this.#members.values()) this.#keepAlive(member);
  }
}

function toldOf({ url, configOffset, tasks, labels }: MemberMetadata): string {
  return `${url} ${configOffset} ${[...tasks].sort().join()} ${[...labels].join()}`;
}
