import type { ServerResponse } from 'node:http';
import type { RuntimeEvent } from '../../runtime/events/events.ts';
import type { ConsoleEvents } from './messages.ts';
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
  /** The next line of the log that it has not seen. */
  nextLine: number;
  /** The feeds whose curves it has. */
  feeds: string;
}

/** Those who have the console open. While there is nobody, events are counted, and nothing else is done. */
export class Viewers {
  readonly #view: WorkerView;
  readonly #lines = new ToldLines();
  readonly #viewers = new Set<Viewer>();
  #timer: NodeJS.Timeout | null = null;
  #isTelling = false;

  constructor(options: WorkerViewOptions) {
    this.#view = new WorkerView(options);
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
    const viewer = { answer, mayChange, feed, nextLine: 0, feeds: '' };
    this.#viewers.add(viewer);
    answer.once('close', () => this.#remove(viewer));
    this.#timer ??= setInterval(() => this.#tellAll(), EVERY_MS);
    this.#tellAll();
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
    const now = Date.now();
    void Promise.all([this.#view.worker(), this.#view.feeds(now)])
      .then(([worker, feeds]) => {
        const names = feeds.map(({ name }) => name).join();
        for (const viewer of this.#viewers) {
          if (viewer.answer.writableLength > MOST_UNREAD) continue;
          if (viewer.feeds !== names) tell(viewer, 'curves', this.#view.curves(now));
          viewer.feeds = names;
          tell(viewer, 'overview', { worker: { ...worker, mayChange: viewer.mayChange }, feeds });
          this.#tellMore(viewer);
        }
      })
      .finally(() => {
        this.#isTelling = false;
      });
  }

  #tellMore(viewer: Viewer): void {
    const { lines, next } = this.#lines.from(viewer.nextLine);
    viewer.nextLine = next;
    if (lines.length > 0) tell(viewer, 'log', lines);
    const detail = viewer.feed === null ? null : this.#view.detail(viewer.feed);
    if (detail !== null) tell(viewer, 'feed', detail);
  }
}

/** A server-sent event; JSON has no line ends in it. */
function tell<N extends keyof ConsoleEvents>({ answer }: Viewer, name: N, data: ConsoleEvents[N]): void {
  answer.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
