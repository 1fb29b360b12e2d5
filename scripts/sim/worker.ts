import { assign, nothingChanges } from '../../src/cluster/assign.ts';
import { type Homes, NO_HOMES } from '../../src/cluster/homes.ts';
import { Membership } from '../../src/cluster/membership.ts';
import type { JoinedMember, MembershipAction, MembershipEvent } from '../../src/cluster/membership-events.ts';
import {
  type Assignment,
  type MemberMetadata,
  type TaskName,
  taskNamed,
} from '../../src/cluster/messages.ts';
import { ConfigView } from './config-view.ts';
import type { Coordinator, HeartbeatAnswer, JoinAnswer, SyncAnswer } from './coordinator.ts';
import type { ConfigRecord, Kafka } from './kafka.ts';
import { Lead } from './lead.ts';
import type { Network } from './network.ts';
import { Process } from './process.ts';
import { Task } from './task.ts';
import type { World } from './world.ts';

/**
 * Faults that the simulation must find: tasks start before those of a former run are shut out; a member counts its session
 * too long; nobody waits until the config topic is known as far as it must be.
 */
export const PLANTS = ['no-fence', 'long-session', 'ignore-config-offset'] as const;
export type Plant = (typeof PLANTS)[number];

export interface Timing {
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
}

/** What is looked at while workers do their work. */
export interface Watch {
  begins(worker: Worker, task: TaskName, configOffset: number, run: number): void;
  sharesOut(members: readonly JoinedMember[], assignments: ReadonlyMap<string, Assignment>): void;
  loses(worker: Worker): void;
  writes(worker: Worker, generation: number): void;
}

export interface Surroundings {
  readonly world: World;
  readonly network: Network;
  readonly coordinator: Coordinator;
  readonly kafka: Kafka;
  readonly timing: Timing;
  readonly plant: Plant | null;
  readonly watch: Watch;
}

export interface WorkerOptions {
  readonly name: string;
  readonly instanceId: string | null;
  readonly labels: ReadonlyMap<string, string>;
}

const REQUEST_MS = 5_000;
const RETRY_MS = 1_000;
/** A leader that is behind the config topic waits this long until it knows more. */
const BEHIND_MS = 5_000;
/** By how much the session of a worker with a fault is too long. */
const TOO_LONG = 4;

/** A worker of the simulation: the same core as a real one, with requests, tasks and the config topic played around it. */
export class Worker {
  readonly options: WorkerOptions;
  readonly process: Process;
  readonly tasks = new Map<TaskName, Task>();
  readonly view = new ConfigView();
  readonly #at: Surroundings;
  readonly #membership: Membership;
  #memberId = '';
  /** What it asked last: to join, or what it got. */
  #giveUp: () => void = () => {};
  #beats = 0;
  #wakes = 0;
  #rounds = 0;
  #assigned: ReadonlySet<TaskName> = new Set();
  /** Of which some have not ended yet. */
  #revoked: ReadonlySet<TaskName> = new Set();
  #configOffset = 0;
  #generation = -1;
  #lead: Lead | null = null;
  #homes: Homes = NO_HOMES;
  /** What there was to do when this worker shared it out last. */
  #sharedOut = '';
  #isDraining = false;
  #waits: { readonly offset: number; readonly run: (isKnown: boolean) => void }[] = [];
  /** A join of its own that it had given up was served. */
  servedLate = false;

  constructor(at: Surroundings, options: WorkerOptions) {
    this.#at = at;
    this.options = options;
    this.process = new Process(at.world);
    const { timing, plant } = at;
    const times = plant === 'long-session' ? TOO_LONG : 1;
    this.#membership = new Membership({
      instanceId: options.instanceId,
      sessionTimeoutMs: timing.sessionTimeoutMs * times,
      heartbeatIntervalMs: timing.heartbeatIntervalMs,
      rebalanceTimeoutMs: timing.rebalanceTimeoutMs,
    });
    at.world.tell(`${options.name}: starts ${options.instanceId ?? ''} ${[...options.labels].join()}`);
    this.#sync((isSynced) => {
      if (!isSynced) return this.die('cannot read the config topic');
      this.#happens({ type: 'start' });
    });
  }

  get isRunning(): boolean {
    return this.process.isAlive && !this.process.isSuspended;
  }

  get isLeader(): boolean {
    return this.#lead?.isReady ?? false;
  }

  get memberId(): string {
    return this.#memberId;
  }

  die(why: string): void {
    if (!this.process.isAlive) return;
    this.#at.world.tell(`${this.options.name}: ${why}`);
    this.process.isAlive = false;
    this.#lead?.end();
    for (const task of this.tasks.values()) task.kill();
    this.tasks.clear();
  }

  /** Ends its tasks, leaves, and is no more. */
  drain(): void {
    this.#at.world.tell(`${this.options.name}: drains`);
    this.#isDraining = true;
    this.#revoked = new Set(this.tasks.keys());
    this.#assigned = new Set();
    this.#endOthers(() => this.#happens({ type: 'stop' }));
    this.process.after(5_000, () => this.die('has left'));
  }

  /** Asks this worker, which leads, to configure a connector. */
  put(record: ConfigRecord & { type: 'config' }, onDone: (isDone: boolean) => void): void {
    this.process.run(() => {
      if (this.#lead === null || !this.#lead.isReady) return onDone(false);
      this.#lead.write(record, (outcome) => onDone(outcome === 'done'));
    });
  }

  /** More was written to the config topic. */
  follow(): void {
    this.process.after(this.#at.world.chance(0.02) ? 4_000 : this.#at.world.between(2, 300), () =>
      this.#sync((isSynced) => {
        if (!isSynced) this.process.after(RETRY_MS, () => this.follow());
      }),
    );
  }

  #happens(event: MembershipEvent): void {
    if (!this.process.isAlive) return;
    for (const action of this.#membership.on(event, this.process.localMs)) this.#do(action);
  }

  #do(action: MembershipAction): void {
    switch (action.type) {
      case 'join':
        return this.#join(action.memberId);
      case 'assign':
        return this.#shareOut(action.generation, action.members);
      case 'sync':
        return this.#askAssignment(action);
      case 'heartbeat':
        return this.#heartbeat(action);
      case 'leave':
        return this.#leave(action.memberId);
      case 'apply':
        return this.#apply(action);
      case 'lose':
        return this.#lose(action.reason);
      case 'wakeAt': {
        const wake = ++this.#wakes;
        return this.process.after(Math.ceil(action.atMs - this.process.localMs), () => {
          if (wake === this.#wakes) this.#happens({ type: 'tick' });
        });
      }
      case 'fail':
        return this.die(`fails: ${action.error.message}`);
    }
  }

  #join(memberId: string): void {
    const { coordinator, network, timing } = this.#at;
    const metadata = this.#metadata();
    this.#giveUp();
    const { instanceId } = this.options;
    const { sessionTimeoutMs, rebalanceTimeoutMs } = timing;
    this.#giveUp = network.ask<JoinAnswer>(
      this.process,
      rebalanceTimeoutMs + REQUEST_MS,
      (answer, isLate) => {
        if (!coordinator.isThere) return answer(null);
        if (isLate) this.servedLate = true;
        coordinator.join({ memberId, instanceId, metadata, sessionTimeoutMs, rebalanceTimeoutMs }, answer);
      },
      (answer) => {
        if (answer === null || 'refusal' in answer) {
          const refusal = answer?.refusal ?? ({ type: 'unreachable' } as const);
          return this.#happens({ type: 'joinRefused', refusal });
        }
        this.#memberId = answer.memberId;
        this.#beats++;
        this.#happens({ type: 'joined', ...answer });
      },
    );
  }

  #askAssignment({ memberId, generation, assignments }: MembershipAction & { type: 'sync' }): void {
    const { coordinator, network, timing } = this.#at;
    this.#giveUp();
    this.#giveUp = network.ask<SyncAnswer>(
      this.process,
      timing.rebalanceTimeoutMs + REQUEST_MS,
      (answer) => {
        if (!coordinator.isThere) return answer(null);
        coordinator.sync(memberId, generation, assignments, answer);
      },
      (answer) => {
        if (answer === null || 'refusal' in answer) {
          const refusal = answer?.refusal ?? ({ type: 'unreachable' } as const);
          return this.#happens({ type: 'syncRefused', refusal });
        }
        this.servedLate = false;
        this.#happens({ type: 'synced', ...answer });
      },
    );
  }

  #heartbeat({ memberId, generation }: MembershipAction & { type: 'heartbeat' }): void {
    const { coordinator, network } = this.#at;
    const sentAtMs = this.process.localMs;
    const beat = this.#beats;
    network.ask<HeartbeatAnswer>(
      this.process,
      REQUEST_MS,
      (answer) => {
        if (!coordinator.isThere) return answer(null);
        coordinator.heartbeat(memberId, this.options.instanceId, generation, answer);
      },
      (answer) => {
        if (beat !== this.#beats) return;
        const refusal = answer === null ? ({ type: 'unreachable' } as const) : answer.refusal;
        if (refusal === null) this.#happens({ type: 'heartbeat', sentAtMs });
        else this.#happens({ type: 'heartbeatRefused', sentAtMs, refusal });
      },
    );
  }

  #leave(memberId: string): void {
    const { coordinator, network } = this.#at;
    network.ask<true>(
      this.process,
      REQUEST_MS,
      (answer) => {
        if (coordinator.isThere) coordinator.leave(memberId, this.options.instanceId);
        answer(coordinator.isThere || null);
      },
      () => this.die('has left'),
    );
  }

  #metadata(): MemberMetadata {
    const letGo = [...this.#revoked].filter((name) => this.tasks.has(name));
    return {
      url: `http://${this.options.name}`,
      configOffset: this.view.position,
      tasks: new Set([...this.#assigned, ...letGo]),
      labels: this.options.labels,
    };
  }

  #shareOut(generation: number, members: readonly JoinedMember[]): void {
    const { plant, world, watch } = this.#at;
    const leader = { url: `http://${this.options.name}`, instanceId: this.options.instanceId };
    const done = (assignments: ReadonlyMap<string, Assignment>) => {
      watch.sharesOut(members, assignments);
      this.#happens({ type: 'assigned', generation, assignments });
    };
    const ignores = plant === 'ignore-config-offset';
    const known = ignores ? 0 : Math.max(...members.map(({ metadata }) => metadata.configOffset));
    this.#until(known, BEHIND_MS, (isKnown) => {
      if (!isKnown) return done(nothingChanges(members, leader));
      const work = this.view.work();
      this.#sharedOut = this.#workNow();
      const told = ignores ? members.map(asKnowing(work.configOffset)) : members;
      const shared = assign(told, work, { leader, homes: this.#homes, nowMs: this.process.localMs });
      this.#homes = shared.homes;
      this.process.after(world.chance(0.05) ? world.between(0, 3_000) : 1, () => done(shared.assignments));
    });
  }

  #apply({ generation, isLeader, assignment }: MembershipAction & { type: 'apply' }): void {
    const { world } = this.#at;
    const { tasks, revoked, configOffset } = assignment;
    const change = revoked.size > 0 ? `, lets go of ${[...revoked].join()}` : '';
    world.tell(`${this.options.name}: in generation ${generation} has ${[...tasks].join()}${change}`);
    const round = ++this.#rounds;
    this.#revoked = new Set([...revoked, ...(this.#isDraining ? tasks : [])]);
    this.#assigned = this.#isDraining ? new Set() : tasks;
    this.#configOffset = configOffset;
    this.#generation = generation;
    if (isLeader) this.#lead ??= this.#newLead();
    else this.#followLeader();
    this.#endOthers(() => this.#happens({ type: 'released', generation }));
    this.#until(this.#mustKnow, Number.POSITIVE_INFINITY, () => {
      if (round === this.#rounds) this.#startMissing();
    });
  }

  #lose(reason: string): void {
    this.#at.world.tell(`${this.options.name}: loses ${[...this.#assigned].join()}, as ${reason}`);
    this.#at.watch.loses(this);
    this.#rounds++;
    this.#assigned = new Set();
    this.#revoked = new Set();
    this.#followLeader();
    for (const task of this.tasks.values()) task.kill();
    this.tasks.clear();
  }

  #newLead(): Lead {
    const { world, network, kafka, plant } = this.#at;
    world.tell(`${this.options.name}: leads`);
    const lead: Lead = new Lead({
      world,
      network,
      kafka,
      process: this.process,
      view: this.view,
      fences: plant !== 'no-fence',
      generation: () => this.#generation,
      onWritten: (generation) => this.#at.watch.writes(this, generation),
      isSure: () => this.#membership.isSure(this.process.localMs),
      sync: (onSynced) => this.#sync(onSynced),
      onFenced: () => {
        if (this.#lead === lead) this.#lead = null;
        this.#happens({ type: 'rejoin' });
      },
    });
    this.process.after(1, () => this.#shareOutWhatIsNew());
    return lead;
  }

  /** Also what came while it was decided who leads, and nobody would have taken note of. */
  #shareOutWhatIsNew(): void {
    if (this.#lead !== null && this.#workNow() !== this.#sharedOut) this.#happens({ type: 'rejoin' });
  }

  #followLeader(): void {
    this.#lead?.end();
    this.#lead = null;
  }

  /** Ends what is not assigned. */
  #endOthers(onEnded: () => void): void {
    let left = 1;
    const ended = () => {
      if (--left === 0) onEnded();
    };
    for (const [name, task] of this.tasks) {
      if (this.#assigned.has(name)) continue;
      left++;
      task.end(() => {
        if (this.tasks.get(name) === task) this.tasks.delete(name);
        ended();
      });
    }
    this.process.after(0, ended);
  }

  /** Below it, it begins nothing: a run that it knows may be over. */
  get #mustKnow(): number {
    return this.#at.plant === 'ignore-config-offset' ? 0 : this.#configOffset;
  }

  /** Starts what is assigned and does not run, as the config topic has it now. */
  #startMissing(): void {
    if (!this.#membership.isSure(this.process.localMs) || this.view.position < this.#mustKnow) return;
    for (const name of this.#assigned) {
      const { connector, task } = taskNamed(name);
      const run = this.view.runOf(connector);
      const claim = this.view.claimOf(connector);
      const running = this.tasks.get(name);
      if (running !== undefined && !running.isOver) {
        if (running.isEnding || running.start.claim !== claim?.id) this.#restart(name, running);
        continue;
      }
      if (run === null || claim === null || task >= run.tasks) continue;
      this.#start(name, { connector, task, tasks: run.tasks, version: run.version, claim: claim.id });
    }
  }

  #restart(name: TaskName, task: Task): void {
    task.end(() => {
      if (this.tasks.get(name) === task) this.tasks.delete(name);
      this.process.after(0, () => this.#startMissing());
    });
  }

  #start(
    name: TaskName,
    how: {
      readonly connector: string;
      readonly task: number;
      readonly tasks: number;
      readonly version: number;
      readonly claim: string;
    },
  ): void {
    const { world, network, kafka, watch } = this.#at;
    watch.begins(this, name, this.#configOffset, how.version);
    const task: Task = new Task(
      {
        world,
        network,
        kafka,
        process: this.process,
        readClaim: (connector) => kafka.view.connectors.get(connector)?.claim ?? null,
      },
      {
        name,
        connector: how.connector,
        task: how.task,
        tasks: how.tasks,
        claim: how.claim,
        onFenced: () => this.#fenced(name, task),
      },
    );
    this.tasks.set(name, task);
  }

  /** Another has taken over: it is looked who is to run it. */
  #fenced(name: TaskName, task: Task): void {
    if (this.tasks.get(name) === task) this.tasks.delete(name);
    this.process.after(RETRY_MS, () => {
      if (!this.#assigned.has(name)) return;
      this.#happens({ type: 'rejoin' });
      this.#startMissing();
    });
  }

  #sync(onSynced: (isSynced: boolean) => void): void {
    const { kafka, network } = this.#at;
    network.ask<{ end: number }>(
      this.process,
      REQUEST_MS,
      (answer) => answer({ end: kafka.log.length }),
      (answer) => {
        if (answer !== null && answer.end > this.view.position) this.#read(answer.end);
        onSynced(answer !== null);
      },
    );
  }

  #read(end: number): void {
    this.view.read(this.#at.kafka.log, end);
    const waits = this.#waits;
    this.#waits = waits.filter(({ offset }) => offset > this.view.position);
    for (const { offset, run } of waits) if (offset <= this.view.position) run(true);
    this.#startMissing();
    if (this.#lead === null) return;
    this.#lead.settle();
    this.#shareOutWhatIsNew();
  }

  /** What is to be given out, for comparison. */
  #workNow(): string {
    return [...this.view.work().connectors]
      .map(([name, { tasks, labels }]) => `${name} ${tasks} ${[...labels]}`)
      .join();
  }

  /** Once the config topic is known up to there, or the time is over. */
  #until(offset: number, longestMs: number, run: (isKnown: boolean) => void): void {
    if (this.view.position >= offset) return run(true);
    const wait = { offset, run };
    this.#waits.push(wait);
    if (longestMs === Number.POSITIVE_INFINITY) return;
    this.process.after(longestMs, () => {
      if (!this.#waits.includes(wait)) return;
      this.#waits = this.#waits.filter((one) => one !== wait);
      run(false);
    });
  }
}

function asKnowing(configOffset: number) {
  return (member: JoinedMember): JoinedMember => ({
    ...member,
    metadata: { ...member.metadata, configOffset },
  });
}
