import type { ServerResponse } from 'node:http';
import type { RuntimeEvent } from '../../runtime/events/events.ts';
import type { FeedExpectation } from '../../runtime/expectations/expectation-status.ts';
import type { GroupFigures } from '../group/group-figures.ts';
import { eventText } from '../server-sent-events.ts';
import type { ConsoleEvents, Figures, GroupShown, LogLine } from './messages.ts';
import { ToldLines } from './told-lines.ts';
import { WorkerView, type WorkerViewOptions } from './worker-view.ts';

const EVERY_MS = 1_000;
/** Each holds a connection for as long as its page is open, and others are to be served too. */
export const MOST_VIEWERS = 16;
/** Bytes that whoever does not read may leave lying: what is told after that is told when they are gone. */
const MOST_UNREAD = 1024 * 1024;

interface Viewer {
  readonly answer: ServerResponse;
  readonly mayChange: boolean;
  /** Whose details are looked at; null for none. */
  readonly feed: string | null;
  /** Of each log the next line that it has not seen. */
  readonly nextLines: WeakMap<ToldLines, number>;
  /** The feeds and workers whose curves it has. */
  curves: string;
}

/** Which of its figures another worker wants. */
export interface FiguresWanted {
  /** Whose details. */
  readonly feeds: readonly string[];
  readonly curves: boolean;
  /** Lines of the log from this number on. */
  readonly line: number;
}

/**
 * Those who have the console open. While there is nobody, here or at another worker of the group, events are counted, and
 * nothing else is done.
 */
export class Viewers {
  readonly #view: WorkerView;
  readonly #group: GroupFigures | null;
  readonly #lines = new ToldLines();
  readonly #viewers = new Set<Viewer>();
  #timer: NodeJS.Timeout | null = null;
  #isTelling = false;

  constructor(options: WorkerViewOptions) {
    this.#view = new WorkerView(options);
    this.#group = options.group;
  }

  apply(event: RuntimeEvent): void {
    const now = Date.now();
    this.#view.apply(event, now);
    this.#lines.apply(event, now);
  }

  get isFull(): boolean {
    return this.#viewers.size >= MOST_VIEWERS;
  }

  /** Tells it what there is and what comes, until it goes. */
  add(answer: ServerResponse, { mayChange, feed }: Pick<Viewer, 'mayChange' | 'feed'>): void {
    const viewer: Viewer = { answer, mayChange, feed, nextLines: new WeakMap(), curves: '' };
    this.#viewers.add(viewer);
    answer.once('close', () => this.#remove(viewer));
    this.#timer ??= setInterval(() => this.#tellAll(), EVERY_MS);
    this.#tellAll();
  }

  /** What this worker counts by itself. */
  async figures({ feeds, curves, line }: FiguresWanted): Promise<Figures> {
    const now = Date.now();
    return {
      ...(await this.#view.counted(feeds, now)),
      curves: curves ? this.#view.curvesCounted(now) : {},
      log: this.#lines.from(line),
    };
  }

  /** The workers of the group; null where there is none. */
  async group(): Promise<GroupShown | null> {
    await this.#group?.refresh([], true);
    return this.#view.group(Date.now());
  }

  /** What feeds expect, whichever worker of the group tells of it. */
  async expectations(): Promise<readonly FeedExpectation[]> {
    await this.#group?.refresh([]);
    return this.#view.expectations;
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.answer.end();
  }

  #remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** One look for all of them, and none while one goes on: Kafka may be slow to say what became of files. */
  #tellAll(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    void this.#tell().finally(() => {
      this.#isTelling = false;
    });
  }

  async #tell(): Promise<void> {
    const looked = new Set([...this.#viewers].flatMap(({ feed }) => feed ?? []));
    await this.#group?.refresh([...looked]);
    const now = Date.now();
    const [worker, feeds] = await Promise.all([this.#view.worker(), this.#view.feeds(now)]);
    const group = this.#view.group(now);
    const curves = [...feeds.map(({ name }) => name), this.#group?.heardFrom].join();
    for (const viewer of this.#viewers) {
      if (viewer.answer.writableLength > MOST_UNREAD) continue;
      if (viewer.curves !== curves) tell(viewer, 'curves', this.#view.curves(now));
      viewer.curves = curves;
      tell(viewer, 'overview', { worker: { ...worker, mayChange: viewer.mayChange }, group, feeds });
      this.#tellMore(viewer);
    }
  }

  #tellMore(viewer: Viewer): void {
    const logs = [this.#lines, ...(this.#group?.logs ?? [])];
    const lines = logs.flatMap((log) => newLines(viewer, log));
    if (lines.length > 0) tell(viewer, 'log', lines);
    const detail = viewer.feed === null ? null : this.#view.detail(viewer.feed);
    if (detail !== null) tell(viewer, 'feed', detail);
  }
}

function newLines({ nextLines }: Viewer, log: ToldLines): readonly LogLine[] {
  const { lines, next } = log.from(nextLines.get(log) ?? 0);
  nextLines.set(log, next);
  return lines;
}

function tell<N extends keyof ConsoleEvents>({ answer }: Viewer, name: N, data: ConsoleEvents[N]): void {
  answer.write(eventText({ name, text: JSON.stringify(data) }));
}
