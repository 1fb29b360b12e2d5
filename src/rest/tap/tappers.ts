import type { ServerResponse } from 'node:http';
import { stageLabels } from '../../runtime/tap/stage-labels.ts';
import type { Tapped, TapRequest } from '../../runtime/tap/tap-messages.ts';
import type { Herder } from '../../runtime/worker/herder.ts';
import type { ManagedConnector } from '../../runtime/worker/managed-connector.ts';
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
  rows: number;
  passedOver: number;
}

/** Those who look at records of running feeds. No task waits for any of them. */
export class Tappers {
  readonly #herder: Pick<Herder, 'connectors' | 'taps'>;
  readonly #tappers = new Set<Tapper>();

  constructor(herder: Pick<Herder, 'connectors' | 'taps'>) {
    this.#herder = herder;
  }

  get isFull(): boolean {
    return this.#tappers.size >= MOST_TAPPERS;
  }

  /** Tells it of records until it goes, or there is nothing more to tell. */
  add(answer: ServerResponse, connector: string, request: TapRequest, first: TapEvents['tapping']): void {
    const tapper = { answer, connector, request, rows: 0, passedOver: 0 };
    this.#tappers.add(tapper);
    tell(answer, 'tapping', JSON.stringify(first));
    const untap = this.#herder.taps.open(connector, request, (told) => onTapped(tapper, told));
    const timer = setInterval(() => this.#tellCounts(tapper), COUNTS_MS);
    answer.once('close', () => {
      clearInterval(timer);
      untap();
      this.#tappers.delete(tapper);
    });
  }

  close(): void {
    for (const { answer } of this.#tappers) answer.end();
  }

  #tellCounts({ answer, connector: name, request: { stage }, rows, passedOver }: Tapper): void {
    const connector = this.#herder.connectors.get(name);
    if (connector === undefined) return end(answer, `${name} was deleted`);
    const { feed } = connector;
    if (feed !== null && stage !== null && !stageLabels(feed.config).includes(stage))
      return end(answer, `${name} has no stage ${stage} any more`);
    if (answer.writableLength > MOST_UNREAD) return;
    tell(answer, 'counts', JSON.stringify({ state: stateOf(connector), rows, passedOver }));
  }
}

function onTapped(tapper: Tapper, { records, rows, passedOver, mistake }: Tapped): void {
  const { answer } = tapper;
  tapper.rows += rows;
  tapper.passedOver += passedOver;
  for (const record of records) {
    if (answer.writableLength > MOST_UNREAD) tapper.passedOver++;
    else tell(answer, 'record', record);
  }
  if (mistake !== null) end(answer, mistake);
}

function stateOf({ state, tasks }: ManagedConnector): string {
  const states = new Set(tasks.map((task) => task.state));
  return state === 'RUNNING' && states.size === 1 ? ([...states][0] as string) : state;
}

function end(answer: ServerResponse, reason: string): void {
  tell(answer, 'end', JSON.stringify({ reason } satisfies TapEvents['end']));
  answer.end();
}

/** @param json has no line ends in it */
function tell(answer: ServerResponse, name: keyof TapEvents, json: string): void {
  answer.write(`event: ${name}\ndata: ${json}\n\n`);
}
