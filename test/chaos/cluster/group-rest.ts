import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import { pick } from '../random.ts';
import type { GroupWorker } from './group-worker.ts';

const AGAIN_MS = 300;
const PATIENCE_MS = 240_000;
/** As long as a worker takes to answer whatever it is asked. */
const ASK_MS = 95_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What `?expand=status` tells of a connector. */
interface ConnectorStatus {
  readonly status: {
    readonly connector: { readonly state: string; readonly worker_id: string };
    readonly tasks: readonly { readonly id: number; readonly state: string; readonly worker_id: string }[];
  };
}

export type Statuses = Readonly<Record<string, ConnectorStatus>>;

/** Asks workers of a group, whichever is there, as a client behind a load balancer would. */
export class GroupRest {
  readonly #workers: readonly GroupWorker[];
  readonly #random: Random;

  constructor(workers: readonly GroupWorker[], random: Random) {
    this.#workers = workers;
    this.#random = random;
  }

  /** Makes a connector. One that is there was made by a request whose answer was lost. */
  async create(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    await this.ask('POST', '/connectors', [201, `Connector ${name} already exists`], { name, config });
  }

  /**
   * Asks one at random, again and again while a group that has just changed has no answer.
   *
   * @param expected status codes, and messages of errors
   */
  async ask(
    method: string,
    path: string,
    expected: readonly (number | string)[],
    body?: object,
  ): Promise<unknown> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      const worker = pick(
        this.#random,
        this.#workers.filter(({ isWell }) => isWell),
      );
      const answer = worker && (await askAt(worker.url, method, path, body).catch(() => null));
      const message = (answer?.body as { readonly message?: string } | null)?.message ?? '';
      if (answer && expected.some((each) => each === answer.status || each === message)) return answer.body;
      if (performance.now() > giveUpAt) {
        throw new Error(`${method} ${path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
      }
      await delay(AGAIN_MS);
    }
  }
}

/** Each task with its state and its worker: `RUNNING 127.0.0.1:8083`. */
export type Places = ReadonlyMap<string, string>;

/** What one worker tells of all. */
export async function placesAt(worker: GroupWorker): Promise<Places> {
  return placesIn((await askAt(worker.url, 'GET', '/connectors?expand=status')).body as Statuses);
}

export function placesIn(statuses: Statuses): Places {
  return new Map(
    Object.entries(statuses).flatMap(([name, { status }]) =>
      status.tasks.map(({ id, state, worker_id }) => [`${name}-${id}`, `${state} ${worker_id}`] as const),
    ),
  );
}

export function isRunning(place: string): boolean {
  return place.startsWith('RUNNING ');
}

/** What is wrong with who has how many: two more than another, or none at all. */
export function unbalanced(places: Places, workers: number): string[] {
  const sizes = [...Map.groupBy(places.values(), (place) => place).values()].map(({ length }) => length);
  const isFair = sizes.length === workers && Math.max(...sizes) - Math.min(...sizes) <= 1;
  return isFair ? [] : [`${workers} workers have ${sizes.join(', ')} tasks`];
}

async function askAt(url: string, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    signal: AbortSignal.timeout(ASK_MS),
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
