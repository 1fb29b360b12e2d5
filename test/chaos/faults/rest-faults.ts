import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { Trial } from '../trial.ts';

/** Calls between two kills of the worker, about. */
const CALLS_PER_KILL = 40;
const SETTLE_MS = 30_000;

export const REST_FAULTS: readonly Fault[] = [
  {
    name: 'rest-storm',
    doc: 'a hundred random REST calls that change a connector while it loads, and SIGKILL of the worker now and then',
    times: 100,
    play: playStorm,
  },
];

async function playStorm(ground: Ground): Promise<Outcome> {
  const { wishes, random, folder } = ground;
  const feed = { 'input.path': resolve(folder, 'drop'), 'finished.path': resolve(folder, 'done') };
  const worker = { listeners: 'http://127.0.0.1:0', 'config.storage.topic': `${ground.name}.configs` };
  const trial = await Trial.begin(ground, {
    rows: wishes.rows,
    files: 4,
    feed,
    worker,
    isMadeOverRest: true,
  });
  const storm = new Storm(ground, trial);
  await storm.begin();
  for (let call = 0; call < wishes.times; call++) {
    if (random() < 1 / CALLS_PER_KILL) await storm.kill();
    await storm.call();
    await delay(random() * 200);
  }
  await storm.end();
  await trial.delivered(storm.daemon);
  const facts = [
    ['calls', wishes.times],
    ['kills', storm.kills],
  ] as const;
  return await trial.finish(storm.daemon, facts, storm.wrong);
}

/** Asks a worker for one thing after another, and remembers what was asked last. */
class Storm {
  readonly wrong: string[] = [];
  kills = 0;
  daemon: HeadraceProcess;
  readonly #ground: Ground;
  readonly #trial: Trial;
  readonly #config: Readonly<Record<string, string>>;
  #url = '';
  /** What was asked for last; null while the connector is deleted. */
  #asked: 'RUNNING' | 'PAUSED' | 'STOPPED' | null = null;

  constructor(ground: Ground, trial: Trial) {
    this.#ground = ground;
    this.#trial = trial;
    const lines = Object.entries(trial.load.feed).filter(([, value]) => value !== null);
    this.#config = Object.fromEntries(lines.map(([key, value]) => [key, String(value)]));
    this.daemon = trial.start();
  }

  async begin(): Promise<void> {
    await this.#reach();
    await this.#create();
  }

  async kill(): Promise<void> {
    await this.daemon.kill();
    this.kills++;
    this.daemon = this.#trial.start();
    await this.#reach();
    await this.#expectState();
  }

  /** One call at random. */
  async call(): Promise<void> {
    const { random } = this.#ground;
    const calls = this.#asked === null ? [() => this.#create()] : this.#calls();
    await calls[Math.floor(random() * calls.length)]?.();
  }

  /** Comes to rest with the connector at work. */
  async end(): Promise<void> {
    if (this.#asked === null) await this.#create();
    await this.#target('resume', 'RUNNING');
    await this.#expectState();
  }

  get #path(): string {
    return `/connectors/${this.#ground.name}`;
  }

  #calls(): readonly (() => Promise<unknown>)[] {
    const { random } = this.#ground;
    const interval = { 'transaction.boundary.interval.ms': 50 + Math.floor(random() * 500) };
    return [
      () => this.#target('pause', 'PAUSED'),
      () => this.#target('resume', 'RUNNING'),
      () => this.#target('resume', 'RUNNING'),
      () => this.#target('stop', 'STOPPED'),
      () => this.#ask('POST', `${this.#path}/restart?includeTasks=true`, [202]),
      () => this.#ask('POST', `${this.#path}/restart?includeTasks=true&onlyFailed=true`, [202]),
      () => this.#ask('POST', `${this.#path}/tasks/0/restart`, [204, 404]),
      () => this.#ask('PATCH', `${this.#path}/config`, [200], interval),
      () => this.#ask('PUT', `${this.#path}/config`, [200], this.#config),
      () => this.#ask('GET', `${this.#path}/offsets`, [200]),
      () => this.#ask('GET', '/connectors?expand=status', [200]),
      () => this.#delete(),
    ];
  }

  async #create(): Promise<void> {
    const body = { name: this.#ground.name, config: this.#config };
    await this.#ask('POST', '/connectors', [201], body);
    this.#asked = 'RUNNING';
  }

  async #delete(): Promise<void> {
    await this.#ask('DELETE', this.#path, [204]);
    this.#asked = null;
  }

  async #target(command: string, state: 'RUNNING' | 'PAUSED' | 'STOPPED'): Promise<void> {
    await this.#ask('PUT', `${this.#path}/${command}`, [202, 204]);
    this.#asked = state;
  }

  async #ask(method: string, path: string, expected: readonly number[], body?: object): Promise<unknown> {
    const sent = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(this.#url + path, { method, ...(body === undefined ? {} : sent) });
    const text = await response.text();
    if (!expected.includes(response.status)) this.wrong.push(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  async #reach(): Promise<void> {
    this.#url = String((await this.daemon.waitFor('REST listening')).address);
    await this.daemon.waitFor('worker started', SETTLE_MS);
  }

  /** A worker that has just started knows what was asked of the one before. */
  async #expectState(): Promise<void> {
    const all = (await this.#ask('GET', '/connectors?expand=status', [200])) as Record<
      string,
      { readonly status: { readonly connector: { readonly state: string } } }
    >;
    const state = all[this.#ground.name]?.status.connector.state ?? null;
    if (state === this.#asked || (state === 'UNASSIGNED' && this.#asked === 'RUNNING')) return;
    this.wrong.push(`the connector is ${state}, and ${this.#asked} was asked for last`);
  }
}
