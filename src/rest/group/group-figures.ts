import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { FeedExpectation } from '../../runtime/expectations/expectation-status.ts';
import { workerIdAt } from '../advertised-url.ts';
import {
  CURVE_SECONDS,
  type Curves,
  type DetailCounted,
  type FeedCounted,
  type Figures,
  type GroupMemberKnown,
  type GroupShown,
} from '../console/messages.ts';
import { ToldLines } from '../console/told-lines.ts';
import type { GroupKnown, GroupMembers } from './group-members.ts';
import { type OtherWorkers, whyNoAnswer } from './other-workers.ts';

/** After which a worker is told as one that does not answer. */
const ANSWER_MS = 3_000;
/** Who looks again and again waits so long for those that did answer the last time. */
const PATIENCE_MS = 1_000;
/** What was heard is forgotten when nobody has looked for so long. */
const FORGET_MS = 10_000;

export interface GroupFiguresOptions {
  readonly groupId: string;
  readonly members: Pick<GroupMembers, 'look'>;
  readonly others: Pick<OtherWorkers, 'open'>;
  /** Host and port of this worker. */
  readonly workerId: () => string;
  /** Told of files of a feed that another worker reads now. */
  readonly onReading: (connector: string, files: DetailCounted['reading']) => void;
}

/** Until what was given up is told. */
const AFTER_MS = 100;

/** Behind every line that there may be. */
const NO_LINES = Number.MAX_SAFE_INTEGER;

/** What is known of another worker. */
interface Heard {
  figures: Figures | null;
  curves: Curves;
  toldAt: number | null;
  trouble: string | null;
  asking: Promise<void> | null;
  /** The next line of its log. */
  nextLine: number;
  readonly lines: ToldLines;
}

/**
 * What the other workers of a group count of the feeds that they share, asked of each of them when somebody looks. What one
 * of them told last is kept until it is gone from the group; nobody waits for one that does not answer.
 */
export class GroupFigures {
  readonly #options: GroupFiguresOptions;
  /** By address. */
  readonly #heard = new Map<string, Heard>();
  #known: GroupKnown = { members: [], isSharingOut: true, trouble: null };
  /** By performance.now. */
  #lookedAt = 0;

  constructor(options: GroupFiguresOptions) {
    this.#options = options;
  }

  /**
   * Asks all of them. Resolves when those have answered that do, or a moment has passed.
   *
   * @param feeds whose details are wanted
   * @param isThorough it is waited until it is known of each whether it answers
   */
  async refresh(feeds: readonly string[], isThorough = false): Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt > FORGET_MS) this.#heard.clear();
    this.#lookedAt = now;
    this.#known = await this.#options.members.look();
    const urls = new Set(this.#others().map(({ url }) => url));
    for (const url of this.#heard.keys()) if (!urls.has(url)) this.#heard.delete(url);
    const answers = [...urls].flatMap((url) => {
      const heard = this.#heard.get(url) ?? newlyHeard();
      this.#heard.set(url, heard);
      // One that has not answered yet has nothing new: its curve goes on without rows.
      if (heard.asking !== null && heard.trouble !== null) heard.curves = continued(heard.curves, []);
      heard.asking ??= this.#ask(url, heard, feeds);
      return isThorough || heard.trouble === null ? [heard.asking] : [];
    });
    const patienceMs = isThorough ? ANSWER_MS : PATIENCE_MS;
    if (answers.length > 0)
      await Promise.race([Promise.all(answers), delay(patienceMs + AFTER_MS, undefined, { ref: false })]);
  }

  /** Finds out how far the others are with the files of a feed that they read. Resolves after a moment in any case. */
  async askReading(feed: string): Promise<void> {
    this.#known = await this.#options.members.look();
    const answers = this.#others().map(async ({ url }) =>
      this.#learn(await this.#figures(url, { figures: null, nextLine: NO_LINES }, [feed])),
    );
    await Promise.race([Promise.allSettled(answers), delay(PATIENCE_MS, undefined, { ref: false })]);
  }

  /** The others that have told something, as their addresses; changes when their curves do not go on as before. */
  get heardFrom(): string {
    return [...this.#heard].flatMap(([url, { figures }]) => (figures === null ? [] : url)).join();
  }

  /** @param own what this worker tells of itself */
  shown(own: Figures['worker'], nowMs: number): GroupShown {
    const { members, isSharingOut, trouble } = this.#known;
    const ownId = this.#options.workerId();
    return {
      ...{ id: this.#options.groupId, isSharingOut, trouble },
      workers: members.map((member) => {
        const heard = this.#heard.get(member.url);
        const isAsked = member.workerId === ownId;
        const other = {
          told: heard?.figures?.worker ?? null,
          toldAt: heard?.toldAt ?? null,
          trouble: heard?.trouble ?? null,
        };
        return { ...member, isAsked, ...(isAsked ? { told: own, toldAt: nowMs, trouble: null } : other) };
      }),
    };
  }

  /** What each of the others counts of a feed. */
  countsOf(feed: string): readonly FeedCounted[] {
    return [...this.#heard.values()].flatMap(({ figures, trouble }) => {
      const counted = figures?.feeds.find(({ name }) => name === feed);
      if (counted === undefined) return [];
      return trouble === null ? counted : { ...counted, rowsPerSecond: 0 };
    });
  }

  detailsOf(feed: string): readonly DetailCounted[] {
    return [...this.#heard.values()].flatMap(({ figures }) => figures?.details[feed] ?? []);
  }

  curvesOf(feed: string): readonly (readonly number[])[] {
    return [...this.#heard.values()].flatMap(({ curves }) => (feed in curves ? [curves[feed] ?? []] : []));
  }

  get expectations(): readonly FeedExpectation[] {
    return [...this.#heard.values()].flatMap(({ figures }) => figures?.expectations ?? []);
  }

  /** The log of each. */
  get logs(): readonly ToldLines[] {
    return [...this.#heard.values()].map(({ lines }) => lines);
  }

  #others(): readonly GroupMemberKnown[] {
    const own = this.#options.workerId();
    return this.#known.members.filter(({ workerId }) => workerId !== own);
  }

  async #ask(url: string, heard: Heard, feeds: readonly string[]): Promise<void> {
    try {
      const figures = await this.#figures(url, heard, feeds);
      const isFirst = heard.figures === null;
      const isAnew = !isFirst && heard.figures?.worker.startedAt !== figures.worker.startedAt;
      heard.curves = isFirst ? figures.curves : continued(heard.curves, figures.feeds);
      // The lines of one that was started anew are counted anew.
      heard.nextLine = isAnew ? 0 : figures.log.next;
      if (!isAnew)
        heard.lines.take(figures.log.lines.map((line) => ({ ...line, workerId: workerIdAt(url) })));
      heard.figures = figures;
      heard.toldAt = Date.now();
      heard.trouble = null;
      this.#learn(figures);
    } catch (error) {
      heard.curves = continued(heard.curves, []);
      heard.trouble = whyNoAnswer(error);
    } finally {
      heard.asking = null;
    }
  }

  #learn({ details }: Figures): void {
    for (const [feed, { reading }] of Object.entries(details))
      if (reading.length > 0) this.#options.onReading(feed, reading);
  }

  async #figures(
    url: string,
    { figures, nextLine }: Pick<Heard, 'figures' | 'nextLine'>,
    feeds: readonly string[],
  ): Promise<Figures> {
    const query = new URLSearchParams({ line: `${nextLine}`, ...(figures === null && { curves: 'true' }) });
    for (const feed of feeds) query.append('feed', feed);
    const signal = AbortSignal.timeout(ANSWER_MS);
    try {
      const answer = await this.#options.others.open(url, {
        ...{ method: 'GET', path: `/console/figures?${query}`, signal },
      });
      if (answer === null) throw new Error('there is no key yet to sign what it is asked');
      const body = await text(answer);
      if (answer.statusCode === 404) throw new Error('it is of a version that tells others no figures');
      if (answer.statusCode !== 200)
        throw new Error(`it answers ${answer.statusCode}: ${body.slice(0, 200)}`);
      return JSON.parse(body) as Figures;
    } catch (error) {
      throw signal.aborted ? new Error(`nothing came within ${ANSWER_MS / 1000} s`) : error;
    }
  }
}

function newlyHeard(): Heard {
  const none = { figures: null, curves: {}, toldAt: null, trouble: null, asking: null };
  return { ...none, nextLine: 0, lines: new ToldLines() };
}

const NO_ROWS: readonly number[] = new Array(CURVE_SECONDS - 1).fill(0);

/** Curves with one more second. */
function continued(curves: Curves, feeds: readonly FeedCounted[]): Curves {
  const rates = new Map(feeds.map(({ name, rowsPerSecond }) => [name, rowsPerSecond]));
  return Object.fromEntries(
    [...new Set([...Object.keys(curves), ...rates.keys()])].map((name) => {
      const longer = [...(curves[name] ?? NO_ROWS), rates.get(name) ?? 0];
      return [name, longer.slice(-NO_ROWS.length)];
    }),
  );
}
