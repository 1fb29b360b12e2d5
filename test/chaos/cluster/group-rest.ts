import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../../src/testing/seeded-random.ts';
import { pick } from '../random.ts';
import type { GroupWorker } from './group-worker.ts';

const AGAIN_MS = 300;
const PATIENCE_MS = 60_000;
const ASK_MS = 10_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What `?expand=status` tells of a connector. */
export interface ConnectorStatus {
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

  /** Asks one at random, again and again while a group that has just changed has no answer. */
  async ask(method: string, path: string, expected: readonly number[], body?: object): Promise<unknown> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      const worker = pick(
        this.#random,
        this.#workers.filter(({ isWell }) => isWell),
      );
      const answer = worker && (await askAt(worker.url, method, path, body).catch(() => null));
      if (answer && expected.includes(answer.status)) return answer.body;
      if (performance.now() > giveUpAt) {
        throw new Error(`${method} ${path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
      }
      await delay(AGAIN_MS);
    }
  }
}

/** What one worker tells of all. */
export async function statusesAt(worker: GroupWorker): Promise<Statuses> {
  return (await askAt(worker.url, 'GET', '/connectors?expand=status')).body as Statuses;
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
