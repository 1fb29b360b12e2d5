import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { literalSource } from '../../src/values/literal-source.ts';
import { HeadraceProcess } from '../integration/support/headrace-process.ts';
import { type GroupWorker, leaderAmong } from '../integration/support/worker-group.ts';
import { uniqueName } from '../support/stack.ts';
import { type Exchange, recordedExchanges } from './exchange.ts';
import { DIFFERENCES, type Difference } from './golden-differences.ts';
import { type RestDaemon, startRestDaemon } from './rest-daemon.ts';

type Json = Readonly<Record<string, unknown>>;

/** Kafka Connect's names in configurations, and those of ours that stand for them. */
const KEYS: Readonly<Record<string, string>> = {
  file: 'transforms.route.topic',
  topic: 'input.path',
  topics: 'input.path',
  'batch.size': 'errors.retry.delay.ms',
  'x.bool': 'metrics.labels.bool',
  'x.float': 'metrics.labels.float',
  'x.big': 'metrics.labels.big',
  'x.exp': 'metrics.labels.exp',
};
const CLASSES: Readonly<Record<string, string>> = {
  'org.apache.kafka.connect.file.FileStreamSourceConnector': 'directory',
  'org.apache.kafka.connect.file.FileStreamSinkConnector': 'directory',
  FileStreamSource: 'directory',
  'org.apache.kafka.connect.converters.IntegerConverter': 'json',
};

/** What a feed of ours has to have besides. */
const BESIDES: Readonly<Record<string, string>> = {
  transforms: 'parse,route',
  'transforms.parse.type': 'csv',
  'transforms.route.type': 'route',
  'settle.ms': '50',
  'scan.interval.ms': '200',
};

/** What a feed reads and writes. */
const RECORDED_FILE = '/data/golden-in.txt';
const RECORDED_TOPIC = 'golden-distributed';
/** Replayed elsewhere. */
const ELSEWHERE = /^\/(connector-plugins|admin)/;

interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly location: string | null;
  readonly body: string;
}

/** Plays what was recorded against a worker of ours. */
class Replay {
  readonly #rest: RestDaemon;
  readonly #ours: Json;
  /** Of the file that is read, as the worker tells it. */
  #partition: unknown = null;
  #offset: Json = {};

  /** @param workerUrls of the workers that may have a task */
  constructor(rest: RestDaemon, clusterId: string, workerUrls: readonly string[]) {
    this.#rest = rest;
    this.#ours = {
      worker_id: expect.toBeOneOf(workerUrls.map((url) => new URL(url).host)),
      version: packageJson.version,
      kafka_cluster_id: clusterId,
      commit: 'unknown',
      type: 'source',
    };
  }

  async send({ method, path, headers, requestBody }: Exchange): Promise<Answer> {
    const text = requestBody === null ? null : this.#sent(method, path, requestBody);
    const length = text === null ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const target = new URL(this.#rest.url);
    const asked = request(
      { host: target.hostname, port: target.port, method, path, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { 'content-type': contentType = null, location = null } = response.headers;
          const body = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, contentType, location, body });
        });
      },
    );
    asked.on('error', reject).end(text);
    return promise;
  }

  /** What we are to answer. */
  expected(exchange: Exchange): unknown {
    const { title, status, contentType, location } = exchange;
    const difference = DIFFERENCES[title];
    return {
      status: difference?.status ?? status,
      contentType: difference === undefined ? contentType : (difference.contentType ?? 'application/json'),
      location: location === null || difference ? null : new URL(location).pathname,
      body: difference === undefined ? this.#shown(exchange) : this.#otherwise(difference, exchange),
    };
  }

  #otherwise({ status, message, body }: Difference, exchange: Exchange): unknown {
    if (message !== undefined)
      return { error_code: status, message: expect.stringMatching(startOf(message)) };
    return body ?? this.#shown(exchange);
  }

  /** An answer of ours in the form of what is expected of it. */
  async seen(exchange: Exchange): Promise<unknown> {
    const answer = await this.send(exchange);
    if (exchange.path.endsWith('/offsets') && exchange.method === 'GET') this.#learn(answer.body);
    const { location, contentType } = answer;
    return {
      ...answer,
      // Kafka Connect tells none of some that have no body, or are errors.
      contentType: exchange.contentType === null && !DIFFERENCES[exchange.title] ? null : contentType,
      // Either spelling of a + in a path is right.
      location: location === null ? null : new URL(location).pathname.replaceAll('%2B', '+'),
      body: plain(answer.body),
    };
  }

  /** As text, since numbers must arrive as they are written. */
  #sent(method: string, path: string, body: string): string {
    if (path.endsWith('/offsets')) return this.#sentOffsets(body);
    let text = body;
    for (const [key, ours] of Object.entries(KEYS)) text = text.replaceAll(`"${key}":`, `"${ours}":`);
    for (const [recorded, ours] of Object.entries(CLASSES))
      text = text.replaceAll(`"${recorded}"`, `"${ours}"`);
    if (!text.includes('"connector.class"') || !text.includes('"directory"')) return text;
    const { name = path.split('/')[2] ?? '' } = JSON.parse(body) as { name?: string };
    text = text
      .replace(`"${RECORDED_TOPIC}"`, JSON.stringify(this.#folder(name)))
      .replace(/"\/data\/golden-\w+.txt"/, `"${RECORDED_TOPIC}"`);
    const besides = Object.entries(BESIDES).map(
      ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},`,
    );
    return text.replace(method === 'POST' ? /"config"\s*:\s*\{/ : /\{/, `$&${besides.join('')}`);
  }

  #folder(name: string): string {
    return this.#rest.folder.at(`in/${encodeURIComponent(name.trim())}`);
  }

  #sentOffsets(body: string): string {
    return JSON.stringify(
      JSON.parse(body, (key, value) => {
        if (key === 'partition' && value?.filename === RECORDED_FILE) return this.#partition;
        return key === 'offset' && value?.position === 4 ? this.#offset : value;
      }),
    );
  }

  #learn(body: string): void {
    const [first] = (JSON.parse(body) as { offsets?: { partition: unknown; offset: Json }[] }).offsets ?? [];
    if (first === undefined) return;
    this.#partition = first.partition;
    this.#offset = first.offset;
  }

  #shown({ body, status }: Exchange): unknown {
    if (!/^[[{]/.test(body)) return body;
    return JSON.parse(body.replaceAll('\\"topic\\"', '\\"input.path\\"'), (key, value) => {
      if (key in this.#ours) return this.#ours[key];
      if (key === 'trace') return expect.stringMatching(/^RECORD_REJECTED: /);
      if (key === 'partition') return expect.objectContaining({ file: 'in.csv' });
      if (key === 'offset') return expect.objectContaining({ position: expect.any(Number) });
      // Ours has them as soon as it is made.
      if (key === 'tasks' && status === 201) return expect.any(Array);
      return isConfig(value) ? this.#config(value) : value;
    });
  }

  #config({ 'task.class': _, ...config }: Json): Json {
    return Object.fromEntries(
      Object.entries(config).map(([key, text]) => {
        if (key === 'file') return [KEYS[key], RECORDED_TOPIC];
        if (text === RECORDED_TOPIC) return [KEYS[key], this.#folder(String(config.name))];
        return [KEYS[key] ?? key, CLASSES[String(text)] ?? text];
      }),
    );
  }
}

function isConfig(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && 'connector.class' in value;
}

/** Without what every configuration of ours has besides. */
function plain(body: string): unknown {
  if (!/^[[{]/.test(body)) return body;
  return JSON.parse(body, (_key, value) => {
    if (!isConfig(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => !(key in BESIDES)));
  });
}

function startOf(text: string): RegExp {
  return new RegExp(`^${literalSource(text)}`);
}

/** What was done between the requests that were recorded. */
async function unrecorded({ title, method, path, status, body }: Exchange, rest: RestDaemon): Promise<void> {
  if (title === '147-offsets-patch-stopped')
    await fetch(`${rest.url}/connectors/gsrc/stop`, { method: 'PUT' });
  // Kafka Connect was given time to start tasks again.
  if (/^12[56]-/.test(title)) {
    const state = async () => ((await rest.json('/connectors/gsrc/tasks/0/status')) as Json).state;
    await expect.poll(state, { interval: 20, timeout: 10_000 }).toBe('RUNNING');
  }
  const isList = method === 'GET' && status === 200 && /^\/connectors\/?(\?.*)?$/.test(path);
  if (isList) await deleteOthers(JSON.parse(body) as readonly string[] | Json, rest);
}

async function deleteOthers(kept: readonly string[] | Json, rest: RestDaemon): Promise<void> {
  const names = Array.isArray(kept) ? kept : Object.keys(kept);
  const ours = (await rest.json('/connectors')) as string[];
  for (const name of ours.filter((one) => !names.includes(one))) {
    const path = `/connectors/${encodeURIComponent(name)}`;
    expect((await fetch(rest.url + path, { method: 'DELETE' })).status, path).toBe(204);
  }
}

const ROWS = 'symbol,price\nBHP,1\nRIO,2\n';

/** A worker with what the recorded feeds read. */
function startPlayed(): Promise<RestDaemon> {
  const names = ['gsrc', 'gsnk', 'gput', 'galias', 'gtypes', 'gstopped', 'gpaused', 'g%pct'];
  const files = Object.fromEntries(names.map((name) => [`in/${encodeURIComponent(name)}/in.csv`, ROWS]));
  const failing = { 'in/gfail/in.csv': 'symbol,price\nBHP,1,2,3\n' };
  // Names that the last of the exchanges leave are no others' then.
  return startRestDaemon([], { ...files, ...failing }, { 'config.storage.topic': uniqueName('configs') });
}

async function play(rest: RestDaemon, workerUrls: readonly string[]): Promise<void> {
  await rest.daemon.waitFor('worker started');
  const clusterId = async () => ((await rest.json('/')) as { kafka_cluster_id: string }).kafka_cluster_id;
  await expect.poll(clusterId, { timeout: 10_000 }).toMatch(/^[\w-]{22}$/);
  const replay = new Replay(rest, await clusterId(), workerUrls);
  const played = recordedExchanges().filter(({ path }) => !ELSEWHERE.test(path));
  for (const exchange of played) {
    await unrecorded(exchange, rest);
    const expected = replay.expected(exchange);
    let seen = await replay.seen(exchange);
    const again = async () => {
      seen = await replay.seen(exchange);
      return seen;
    };
    // What is asked for comes to be; what is done is answered at once.
    const isAsked = exchange.method === 'GET';
    if (isAsked)
      await expect
        .poll(again, { timeout: 20_000, interval: 50 })
        .toEqual(expected)
        .catch(() => {});
    expect.soft(seen, exchange.title).toEqual(expected);
  }
  const titles = played.map(({ title }) => title);
  expect(Object.keys(DIFFERENCES).filter((title) => !titles.includes(title))).toEqual([]);
}

test('a worker answers as Kafka Connect did, one request after another, but for the differences that are named', {
  timeout: 240_000,
}, async () => {
  const rest = await startPlayed();
  await play(rest, [rest.url]);
});

test('and so does one of a group that does not lead it', { timeout: 240_000 }, async () => {
  const rest = await startPlayed();
  await rest.daemon.waitFor('worker started');
  const daemon = HeadraceProcess.start({ feeds: [], worker: rest.folder.at('worker.yaml') });
  onTestFinished(() => daemon.kill());
  const url = String((await daemon.waitFor('REST listening')).address);
  const { followers } = await leaderAmong([rest, { daemon, url }]);
  const [asked] = followers as [GroupWorker];
  const get = (path: string) => fetch(asked.url + path);
  const follower = { ...rest, ...asked, get, json: async (path: string) => (await get(path)).json() };
  await play(follower, [rest.url, url]);
});
