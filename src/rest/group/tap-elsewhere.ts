import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { eventsIn, type ServerSentEvent } from '../server-sent-events.ts';
import type { TapCounts } from '../tap/messages.ts';
import type { GroupMembers } from './group-members.ts';
import { type OtherWorkers, whyNoAnswer } from './other-workers.ts';

/** A worker that taps tells each second how many rows came by. */
const SILENT_MS = 3_000;
const AGAIN_MS = 1_000;

export interface GroupPeers {
  readonly members: Pick<GroupMembers, 'look'>;
  readonly others: Pick<OtherWorkers, 'open'>;
}

/** Of a feed, what is tapped in the workers that run its tasks, wherever these are by now. */
export class TapElsewhere {
  readonly #peers: GroupPeers;
  readonly #path: string;
  readonly #onEvent: (event: ServerSentEvent) => void;
  /** By host and port. */
  readonly #taps = new Map<string, OtherTap>();
  /** Of those that run none of its tasks any more. */
  #before = { rows: 0, passedOver: 0 };
  #isClosed = false;

  /**
   * @param path by which the tap is asked for, with its query
   * @param onEvent told of records, and of the end
   */
  constructor(peers: GroupPeers, path: string, onEvent: (event: ServerSentEvent) => void) {
    this.#peers = peers;
    this.#path = path;
    this.#onEvent = onEvent;
  }

  /** Has taps in these workers, as states of tasks name them, and in no others. */
  async follow(workerIds: ReadonlySet<string>): Promise<void> {
    for (const [workerId, tap] of this.#taps) if (!workerIds.has(workerId)) this.#drop(workerId, tap);
    if ([...workerIds].every((workerId) => this.#taps.has(workerId))) return;
    const { members } = await this.#peers.members.look();
    for (const { workerId, url } of members) {
      if (this.#isClosed || !workerIds.has(workerId) || this.#taps.has(workerId)) continue;
      const tap = new OtherTap(this.#onEvent);
      this.#taps.set(workerId, tap);
      void tap.keepOpen(this.#peers.others, url, this.#path);
    }
  }

  /** Since it was opened. */
  get counts(): Omit<TapCounts, 'state'> {
    const taps = [...this.#taps];
    const silent = taps.flatMap(([id, { trouble }]) => (trouble === null ? [] : `${id}: ${trouble}`));
    return taps.reduce((sum, [, { rows, passedOver }]) => plus(sum, { rows, passedOver }), {
      ...this.#before,
      silent,
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const [workerId, tap] of this.#taps) this.#drop(workerId, tap);
  }

  #drop(workerId: string, tap: OtherTap): void {
    tap.close();
    this.#taps.delete(workerId);
    this.#before = plus(this.#before, tap);
  }
}

type Rows = Pick<TapCounts, 'rows' | 'passedOver'>;

function plus<T extends Rows>(sum: T, { rows, passedOver }: Rows): T {
  return { ...sum, rows: sum.rows + rows, passedOver: sum.passedOver + passedOver };
}

/** A tap in one other worker, opened again and again until it is closed. */
class OtherTap {
  readonly #onEvent: (event: ServerSentEvent) => void;
  readonly #stop = new AbortController();
  #before: Rows = { rows: 0, passedOver: 0 };
  #now: Rows = { rows: 0, passedOver: 0 };
  #trouble: string | null = null;

  constructor(onEvent: (event: ServerSentEvent) => void) {
    this.#onEvent = onEvent;
  }

  get rows(): number {
    return this.#before.rows + this.#now.rows;
  }

  get passedOver(): number {
    return this.#before.passedOver + this.#now.passedOver;
  }

  /** Why it tells nothing; null while it does. */
  get trouble(): string | null {
    return this.#trouble;
  }

  close(): void {
    this.#stop.abort();
  }

  async keepOpen(others: GroupPeers['others'], url: string, path: string): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#follow(others, url, path).catch((error) => {
        this.#trouble = whyNoAnswer(error);
      });
      this.#before = plus(this.#before, this.#now);
      this.#now = { rows: 0, passedOver: 0 };
      await delay(AGAIN_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #follow(others: GroupPeers['others'], url: string, path: string): Promise<void> {
    const silent = new AbortController();
    const end = () => silent.abort(new Error(`nothing came within ${SILENT_MS / 1000} s`));
    const timer = setTimeout(end, SILENT_MS);
    const signal = AbortSignal.any([this.#stop.signal, silent.signal]);
    try {
      const answer = await others.open(url, {
        ...{ method: 'GET', path, accept: 'text/event-stream, application/json', signal },
      });
      if (answer === null) throw new Error('there is no key yet to sign what it is asked');
      if (answer.statusCode !== 200) throw new Error(messageIn(await text(answer)));
      for await (const event of eventsIn(answer)) {
        timer.refresh();
        this.#take(event);
      }
    } catch (error) {
      throw silent.signal.aborted ? silent.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #take(event: ServerSentEvent): void {
    this.#trouble = null;
    if (event.name === 'counts') {
      const { rows, passedOver } = JSON.parse(event.text) as TapCounts;
      this.#now = { rows, passedOver };
    } else if (event.name !== 'tapping') this.#onEvent(event);
  }
}

/** Of a refusal; the answer as it is where it is none. */
function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { readonly message: string }).message;
  } catch {
    return body.slice(0, 200);
  }
}
