import { setTimeout as delay } from 'node:timers/promises';
import { assign, type Leader, nothingChanges } from '../../cluster/assign.ts';
import { type Homes, NO_HOMES } from '../../cluster/homes.ts';
import type { JoinedMember } from '../../cluster/membership-events.ts';
import type { Assignment } from '../../cluster/messages.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { newSessionKeyRecord, SessionKeys } from '../../offsets/session-key.ts';
import { ConfigTopic } from '../worker/config-topic.ts';
import type { ConfigFollower } from './config-follower.ts';
import type { Crew } from './crew.ts';
import type { FollowedConnectors } from './followed-connectors.ts';
import { LeaderRecords } from './leader-records.ts';
import { RunKeeper } from './run-keeper.ts';

/** As long as Kafka Connect signs with one key. */
const SESSION_KEY_MS = 3_600_000;
/** As long as a leader reads on that knows less of the config topic than a member; then all go on as before, and join again. */
const BEHIND_MS = 5_000;
/** Changes of what there is to do within so many milliseconds are one. */
const GATHER_MS = 250;
/** Before it leads again where it could not write. */
const AGAIN_MS = 1_000;

export interface LeadOptions {
  readonly client: KafkaClient;
  readonly worker: WorkerConfig;
  readonly crew: Crew;
  readonly follower: ConfigFollower;
  readonly followed: FollowedConnectors;
  /** Ends what it waits for. */
  readonly signal: AbortSignal;
  /** Whether it leads still, by its own clock. */
  readonly isSure: () => boolean;
  /** Has the work shared out anew; what comes until then is shared out together. */
  readonly rejoinIn: (ms: number) => void;
  readonly log: (
    connector: string | null,
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ) => void;
}

/** What a worker does for its group for as long as it leads it: shares out its work, writes its config topic, counts its tasks. */
export class Lead {
  readonly configs: ConfigTopic;
  /** Others may have read one, and sign by it, a moment before this worker has. */
  readonly writtenKeys = new SessionKeys();
  readonly #options: LeadOptions;
  readonly #records: LeaderRecords;
  readonly #runs: RunKeeper;
  /** Ends when it leads no more. */
  #leading: AbortController | null = null;
  #unassigned: ReadonlyMap<string, string> = new Map();
  #homes: Homes = NO_HOMES;
  /** What there was to do when it was shared out here last. */
  #sharedOut = '';

  constructor(options: LeadOptions) {
    const { client, worker, crew, follower, isSure, rejoinIn, log } = options;
    this.#options = options;
    const onFenced = () => {
      this.end();
      rejoinIn(0);
    };
    this.#records = new LeaderRecords({ client, worker, follower, isSure, onFenced });
    this.configs = new ConfigTopic(this.#records);
    this.#runs = new RunKeeper({
      client,
      worker,
      follower,
      configs: this.configs,
      records: this.#records,
      outline: (connector, raw) => crew.outline(connector, raw),
      onFault: (connector, error) => crew.fail(connector, error),
      onSettled: (connector) => crew.mend(connector),
      onWaiting: (connector, reason) => log(connector, 'its tasks cannot be given out yet', { reason }),
    });
  }

  get isLeading(): boolean {
    return this.#leading !== null;
  }

  /** Connectors that nobody can run, with the reason, as of the last time that it shared out. */
  get unassigned(): ReadonlyMap<string, string> {
    return this.#unassigned;
  }

  /** Also for one that leads already. */
  begin(): void {
    if (this.#leading !== null) return;
    this.#leading = new AbortController();
    void this.#lead(this.#leading);
  }

  end(): void {
    if (this.#leading === null) return;
    this.#leading.abort();
    this.#leading = null;
    this.#records.follow();
  }

  /** For good. */
  async close(): Promise<void> {
    this.end();
    await this.#records.close();
  }

  /** Who is to run what; as it was where others know more of the config topic, and it takes too long to know it too. */
  async shareOut(members: readonly JoinedMember[], leader: Leader): Promise<ReadonlyMap<string, Assignment>> {
    const wanted = Math.max(...members.map(({ metadata }) => metadata.configOffset));
    if (!(await this.#isSoonFollowedTo(wanted))) return nothingChanges(members, leader);
    this.#sharedOut = this.#workKey();
    const work = this.#options.followed.work();
    const shared = assign(members, work, { leader, homes: this.#homes, nowMs: performance.now() });
    this.#homes = shared.homes;
    for (const [connector, reason] of shared.unassigned) {
      if (this.#unassigned.get(connector) !== reason)
        this.#options.log(connector, 'no worker of the group can run its tasks', { reason });
    }
    this.#unassigned = shared.unassigned;
    return shared.assignments;
  }

  /** Does for connectors what is left to be done, where it leads. Resolves when there is nothing left. */
  async settle(...connectors: readonly string[]): Promise<void> {
    const { signal } = this.#leading ?? {};
    if (signal === undefined) return;
    await Promise.all(connectors.map((name) => this.#runs.settle(name, signal)));
  }

  /** Also what came while it was decided who leads, and nobody would have taken note of. */
  shareOutWhatIsNew(): void {
    if (this.isLeading && this.#workKey() !== this.#sharedOut) this.#options.rejoinIn(GATHER_MS);
  }

  async #lead(leading: AbortController): Promise<void> {
    const { follower, log, rejoinIn } = this.#options;
    const { signal } = leading;
    this.shareOutWhatIsNew();
    try {
      await this.#records.lead();
      await follower.sync(signal);
      void this.settle(...follower.stored.configs.keys());
      await this.#keepSessionKey(signal);
    } catch (error) {
      if (signal.aborted) return;
      log(null, 'this worker leads its group and cannot write to its config topic', {
        reason: messageOf(error),
      });
      leading.abort();
      this.#leading = null;
      rejoinIn(AGAIN_MS);
    }
  }

  /** Has a new one whenever the last is too old, for as long as it leads. */
  async #keepSessionKey(signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = Date.now();
      const { createdMs } = this.#options.follower.sessionKeys;
      const leftMs = createdMs === null ? 0 : createdMs + SESSION_KEY_MS - now;
      // Where clocks differ it may be of the time to come.
      if (leftMs > 0) await delay(Math.min(leftMs, SESSION_KEY_MS), undefined, { signal, ref: false });
      else await this.#writeSessionKey(now);
    }
  }

  async #writeSessionKey(nowMs: number): Promise<void> {
    const record = newSessionKeyRecord(nowMs);
    this.writtenKeys.apply(record);
    await this.#records.write([record]);
  }

  /** What is to be given out, for comparison. */
  #workKey(): string {
    const { connectors } = this.#options.followed.work();
    return JSON.stringify([...connectors].map(([name, { tasks, labels }]) => [name, tasks, [...labels]]));
  }

  /** False where it takes too long, or the worker stops. */
  #isSoonFollowedTo(offset: number): Promise<boolean> {
    const { followed: connectors, signal } = this.#options;
    const followed = connectors.followTo(offset, signal).then(() => true);
    const late = delay(BEHIND_MS, false, { signal, ref: false });
    return Promise.race([followed, late]).catch((error) => {
      if (signal.aborted) return false;
      throw error;
    });
  }
}
