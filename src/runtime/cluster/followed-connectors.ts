import type { ConnectorWork, Work } from '../../cluster/work.ts';
import type { Placement } from '../../config/connector-config.ts';
import { messageOf } from '../../errors.ts';
import type { ConfigFollower } from './config-follower.ts';
import type { Crew, StoredConnector } from './crew.ts';
import { type MarkerWatch, wantedLabels } from './markers.ts';

/** Before what could not be followed is followed again. */
const RETRY_MS = 1_000;

interface FollowedConnector extends StoredConnector {
  /** By which it is held for its run; null while it is not. */
  readonly claim: string | null;
}

export interface FollowedConnectorsOptions {
  readonly follower: ConfigFollower;
  readonly crew: Crew;
  readonly markers: MarkerWatch;
  /** Told of connectors that are otherwise than before, or have lost their claim, each time that was looked at. */
  readonly onFollowed: (connectors: readonly string[]) => void;
  /** Told why a change could not be followed; it is tried again. */
  readonly onTrouble: (reason: string) => void;
}

/** The connectors of a group as a worker's crew has them, by the config topic as far as that is known. */
export class FollowedConnectors {
  readonly #options: FollowedConnectorsOptions;
  readonly #connectors = new Map<string, FollowedConnector>();
  #offset = 0;
  #turn: Promise<void> = Promise.resolve();
  #isDue = false;

  constructor(options: FollowedConnectorsOptions) {
    this.#options = options;
  }

  /** The crew has what the topic says below this offset. */
  get offset(): number {
    return this.#offset;
  }

  /** Has the crew do what the topic says now, after what it said before; resolves when it has. */
  follow(): Promise<void> {
    if (this.#isDue) return this.#turn;
    this.#isDue = true;
    const { follower, onTrouble } = this.#options;
    this.#turn = this.#turn.then(async () => {
      this.#isDue = false;
      const { position } = follower;
      await this.#followOnce().catch((error) => onTrouble(messageOf(error)));
      this.#offset = position;
    });
    return this.#turn;
  }

  /** Resolves when the crew has what the topic says below an offset. @throws the signal's reason */
  async followTo(offset: number, signal: AbortSignal): Promise<void> {
    const { follower } = this.#options;
    await follower.until(() => follower.position >= offset || null, signal);
    await this.follow();
  }

  /** What is to be given out. */
  work(): Work {
    const connectors = new Map<string, ConnectorWork>();
    for (const [name, { raw, target, run }] of this.#connectors) {
      if (raw === null || target === 'STOPPED' || run === null || run.tasks === 0) continue;
      const placement = this.#options.crew.feedOf(name)?.config.placement;
      const labels = placement === undefined ? new Map<string, string>() : wantedLabels(name, placement);
      connectors.set(name, { tasks: run.tasks, labels });
    }
    return { connectors, configOffset: this.#offset };
  }

  async #followOnce(): Promise<void> {
    const { stored } = this.#options.follower;
    const former = new Map(this.#connectors);
    const changed = new Map<string, StoredConnector>();
    const reclaimed: string[] = [];
    for (const name of new Set([...stored.configs.keys(), ...former.keys()])) {
      const now = this.#storedNow(name);
      const known = former.get(name);
      if (known === undefined || !isSame(known, now)) changed.set(name, now);
      else if (known.claim !== now.claim && now.claim === null) reclaimed.push(name);
      if (now.raw === null) this.#connectors.delete(name);
      else this.#connectors.set(name, now);
    }
    if (changed.size > 0) await this.#haveFollowed(changed, former);
    this.#options.onFollowed([...changed.keys(), ...reclaimed]);
  }

  async #haveFollowed(
    changed: ReadonlyMap<string, StoredConnector>,
    former: ReadonlyMap<string, FollowedConnector>,
  ): Promise<void> {
    const { crew, markers } = this.#options;
    try {
      await crew.follow(changed);
      await markers.follow(this.#placements());
    } catch (error) {
      for (const name of changed.keys()) {
        const known = former.get(name);
        if (known === undefined) this.#connectors.delete(name);
        else this.#connectors.set(name, known);
      }
      setTimeout(() => void this.follow(), RETRY_MS).unref();
      throw error;
    }
  }

  #placements(): Map<string, Placement> {
    const { crew } = this.#options;
    const all = [...this.#connectors.keys()].map((name) => [name, crew.feedOf(name)?.config.placement]);
    return new Map(all.filter((one): one is [string, Placement] => one[1] !== undefined));
  }

  #storedNow(name: string): FollowedConnector {
    const { follower } = this.#options;
    const { stored } = follower;
    const run = stored.isCounted(name) ? (stored.runs.get(name) ?? null) : null;
    return {
      raw: stored.configs.get(name) ?? null,
      target: stored.targets.get(name) ?? 'STARTED',
      run,
      claim: run === null ? null : follower.claimFor(name, run.version),
    };
  }
}

function isSame(a: StoredConnector, b: StoredConnector): boolean {
  return a.raw === b.raw && a.target === b.target && a.run?.version === b.run?.version;
}
