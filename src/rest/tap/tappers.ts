import type { ServerResponse } from 'node:http';
import { stageLabels } from '../../runtime/tap/stage-labels.ts';
import type { Tapped, TapRequest } from '../../runtime/tap/tap-messages.ts';
import type { Herder } from '../../runtime/worker/herder.ts';
import type { ManagedConnector } from '../../runtime/worker/managed-connector.ts';
import { type Elsewhere, statusBody, type WorkerIdentity } from '../connector-bodies.ts';
import type { TapElsewhere } from '../group/tap-elsewhere.ts';
import { eventText, type ServerSentEvent } from '../server-sent-events.ts';
import type { TapEvents } from './messages.ts';

const COUNTS_MS = 1_000;
/** Each holds a connection, and takes of the time of tasks. */
export const MOST_TAPPERS = 8;
/** Bytes that whoever does not read may leave lying: what comes then is passed over. */
const MOST_UNREAD = 256 * 1024;

interface Tapper {
  readonly answer: ServerResponse;
  readonly connector: string;
  readonly request: TapRequest;
  /** The same in other workers of the group; null where that is not asked for. */
  readonly elsewhere: TapElsewhere | null;
  rows: number;
  passedOver: number;
}

export interface TappersOptions {
  readonly herder: Pick<Herder, 'connectors' | 'taps'>;
  readonly identity: () => WorkerIdentity;
  /** States of what others run. */
  readonly statuses: Elsewhere;
}

export interface TapWanted {
  readonly connector: string;
  readonly request: TapRequest;
  /** What is told first. */
  readonly first: TapEvents['tapping'];
  /** Makes a tap in other workers; null where this one's is all that is wanted. */
  readonly elsewhere: ((onEvent: (event: ServerSentEvent) => void) => TapElsewhere) | null;
}

/** Those who look at records of running feeds. No task waits for any of them. */
export class Tappers {
  readonly #options: TappersOptions;
  readonly #tappers = new Set<Tapper>();

  constructor(options: TappersOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#tappers.size >= MOST_TAPPERS;
  }

  /** Tells it of records until it goes, or there is nothing more to tell. */
  add(answer: ServerResponse, { connector, request, first, elsewhere }: TapWanted): void {
    const tapper: Tapper = {
      ...{ answer, connector, request, rows: 0, passedOver: 0 },
      elsewhere: elsewhere?.((event) => onElsewhere(tapper, event)) ?? null,
    };
    this.#tappers.add(tapper);
    tell(answer, 'tapping', JSON.stringify(first));
    const untap = this.#options.herder.taps.open(connector, request, (told) => onTapped(tapper, told));
    const timer = setInterval(() => this.#tellCounts(tapper), COUNTS_MS);
    void tapper.elsewhere?.follow(this.#workersOf(connector));
    answer.once('close', () => {
      clearInterval(timer);
      untap();
      tapper.elsewhere?.close();
      this.#tappers.delete(tapper);
    });
  }

  close(): void {
    for (const { answer } of this.#tappers) answer.end();
  }

  #tellCounts(tapper: Tapper): void {
    const { answer, connector: name, request, elsewhere } = tapper;
    const connector = this.#options.herder.connectors.get(name);
    if (connector === undefined) return end(answer, `${name} was deleted`);
    const { feed } = connector;
    if (feed !== null && request.stage !== null && !stageLabels(feed.config).includes(request.stage))
      return end(answer, `${name} has no stage ${request.stage} any more`);
    void elsewhere?.follow(this.#workersOf(name));
    if (answer.writableLength > MOST_UNREAD) return;
    const { rows, passedOver, silent } = elsewhere?.counts ?? NOTHING;
    const counts: TapEvents['counts'] = {
      state: this.#stateOf(connector),
      rows: tapper.rows + rows,
      passedOver: tapper.passedOver + passedOver,
      silent,
    };
    tell(answer, 'counts', JSON.stringify(counts));
  }

  #stateOf(connector: ManagedConnector): string {
    const { tasks, connector: told } = this.#statusOf(connector);
    const states = new Set(tasks.map(({ state }) => state));
    return told.state === 'RUNNING' && states.size === 1 ? ([...states][0] as string) : told.state;
  }

  /** The other workers that run tasks of a feed, by host and port. */
  #workersOf(name: string): ReadonlySet<string> {
    const connector = this.#options.herder.connectors.get(name);
    const tasks = connector === undefined ? [] : this.#statusOf(connector).tasks;
    const others = new Set(tasks.flatMap((task) => (task.state === 'UNASSIGNED' ? [] : task.worker_id)));
    others.delete(this.#options.identity().workerId);
    return others;
  }

  #statusOf(connector: ManagedConnector) {
    return statusBody(connector, this.#options.identity(), this.#options.statuses);
  }
}

const NOTHING = { rows: 0, passedOver: 0, silent: [] };

function onTapped(tapper: Tapper, { records, rows, passedOver, mistake }: Tapped): void {
  tapper.rows += rows;
  tapper.passedOver += passedOver;
  for (const record of records) tellRecord(tapper, record);
  if (mistake !== null) end(tapper.answer, mistake);
}

/** What another worker tells as this one would. */
function onElsewhere(tapper: Tapper, { name, text }: ServerSentEvent): void {
  if (name === 'record') tellRecord(tapper, text);
  else if (name === 'end') end(tapper.answer, (JSON.parse(text) as TapEvents['end']).reason);
}

function tellRecord(tapper: Tapper, record: string): void {
  if (tapper.answer.writableLength > MOST_UNREAD) tapper.passedOver++;
  else tell(tapper.answer, 'record', record);
}

function end(answer: ServerResponse, reason: string): void {
  if (answer.writableEnded) return;
  tell(answer, 'end', JSON.stringify({ reason } satisfies TapEvents['end']));
  answer.end();
}

/** @param text JSON */
function tell(answer: ServerResponse, name: keyof TapEvents, text: string): void {
  if (!answer.writableEnded) answer.write(eventText({ name, text }));
}
