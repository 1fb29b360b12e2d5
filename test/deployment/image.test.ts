import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startRegistry } from '../../scripts/stack/registry.ts';
import { ROOT } from '../docs/markdown.ts';
import { recordsIn } from '../integration/support/read-topic.ts';
import { firstProcess } from '../support/first-process.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { composed, mountsOf, type Service } from './support/compose.ts';
import { dockerignored, execForm, type Stage, stagesOf, valueIn } from './support/dockerfile.ts';
import { healthOf } from './support/health.ts';
import { Layers, layersMissing, type Start } from './support/layers.ts';

// Servers are started, and packages fetched.
vi.setConfig({ testTimeout: 120_000 });

const stages = stagesOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
const last = stages.at(-1) as Stage;
const ignored = dockerignored(readFileSync(join(ROOT, '.dockerignore'), 'utf8'));

const missing = layersMissing();
if (missing !== undefined) process.stderr.write(`tests not run: ${missing}\n`);

type LogLine = Readonly<Record<string, unknown>>;

const folder = mkdtempSync(join(tmpdir(), 'headrace-image-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of each stage, by its name; the last has none. */
const layers = new Map<string | null, Layers>();

describe.skipIf(missing !== undefined)('what the Dockerfile does, without an engine', () => {
  beforeAll(async () => {
    // The temporary folder is one's own; the image's user must come through to what is in it.
    chmodSync(folder, 0o755);
    const context = join(folder, 'context');
    for (const path of contextFiles()) cpSync(join(ROOT, path), join(context, path));
    const nodeModules = { from: join(ROOT, 'node_modules'), at: '/src/node_modules', isReadOnly: true };
    for (const stage of stages) {
      const isBuild = stage.name === 'built';
      const made = new Layers(join(folder, stage.name ?? 'image'));
      layers.set(stage.name, made);
      await made.play(stage, {
        folder: context,
        stage: (name) => layers.get(name) as Layers,
        // What npm ci brings for the build is what this checkout has, of the same lock file.
        isDone: (command) => isBuild && command.startsWith('npm ci'),
        binds: isBuild ? [nodeModules] : [],
      });
    }
  });

  const image = () => layers.get(null) as Layers;

  test('the image has the worker, its packages as they are locked, and nothing to develop with', () => {
    const written = globSync('*/*', { cwd: image().written });
    expect(written.sort()).toEqual(['etc/headrace', 'opt/headrace', 'usr/local']);
    expect(globSync('opt/headrace/node_modules/@aws-sdk/client-s3', { cwd: image().written })).toHaveLength(
      1,
    );
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const worker = join(image().written, 'opt/headrace/worker');
    const installed = JSON.parse(
      readFileSync(join(worker, 'node_modules/.package-lock.json'), 'utf8'),
    ).packages;
    for (const [path, { version, dev }] of Object.entries<{ version: string; dev?: boolean }>(installed))
      expect([path, version, dev]).toEqual([path, packages[path].version, undefined]);
    expect(globSync('{src,test,scripts,node_modules/{typescript,vitest,node}}', { cwd: worker })).toEqual([]);
  });

  test('a worker in it, as a user who may write nothing but its files, delivers, is well, and ends at SIGTERM', async () => {
    const { bootstrapServers } = await sharedKafka();
    const { name, feeds, data } = grounds('image');
    put(join(data, 'drop/trades.csv'), readFileSync(join(ROOT, 'examples/quickstart/trades.csv'), 'utf8'));
    const worker = start(image(), null, {
      environment: { ...workerVariables(name, bootstrapServers) },
      binds: [
        { from: feeds, at: '/feeds', isReadOnly: true },
        { from: data, at: '/data', isReadOnly: false },
      ],
    });
    await worker.told('file completed');
    const { address } = await worker.told('REST listening');
    const check = execForm(valueIn(last, 'HEALTHCHECK') ?? '') as string[];
    expect(await healthOf(check, String(address))).toBe(0);
    expect(statusOf(worker.pid(), 'Uid')).toMatch(/^1000\s+1000\s/);
    expect(await worker.stop()).toEqual([0, null]);
    await worker.told('worker stopped');
    expect(await recordsIn(bootstrapServers, name)).toHaveLength(7);
    expect(await recordsIn(bootstrapServers, `${name}.dlq`)).toHaveLength(1);
    expect(globSync('*', { cwd: join(data, 'done') })).toEqual(['trades.csv']);
    expect(await healthOf(check, String(address))).toBe(1);
  });

  test('the worker and the sender of docker-compose.yml show rows, also to Prometheus', async () => {
    const { bootstrapServers } = await sharedKafka();
    const registry = await startRegistry();
    onTestFinished(() => registry.stop());
    const { name, feeds, data } = grounds('compose');
    const { headrace, files } = composed(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')).services;
    const bindsOf = (service: Service | undefined) =>
      mountsOf(service as Service).map(({ from, at }) => {
        const given = { files: data, './examples/compose/feeds': feeds }[from];
        return { from: given ?? join(ROOT, from), at, isReadOnly: given !== data };
      });
    const worker = start(image(), null, {
      environment: {
        ...(headrace?.environment as Record<string, string>),
        ...workerVariables(name, bootstrapServers),
        HEADRACE_METRICS_LISTENERS: 'http://0.0.0.0:0',
        REGISTRY_URL: registry.url,
      },
      binds: bindsOf(headrace),
    });
    // Compose makes one dollar of two.
    const command = files?.command?.map((word) => word.replaceAll('$$', '$')) ?? null;
    start(image(), command, { environment: {}, binds: bindsOf(files) });
    await worker.told('file completed');
    const { address } = await worker.told((line) => /0\.0\.0\.0/.test(String(line.address)));
    const metrics = await textOf(`${address}/metrics`, 'headrace:9404');
    expect(metrics).toMatch(new RegExp(`^connect_source_record_poll_total{.*connector="${name}".*} 8$`, 'm'));
    expect(await worker.stop()).toEqual([0, null]);
    const [{ value } = {}] = await recordsIn(bootstrapServers, name);
    // As the registry's clients write it: a zero, then the schema's id.
    expect(value?.[0]).toBe(0);
  });
});

/** A feed of the example's under a name of its own, and a folder for its files. */
function grounds(purpose: string) {
  const name = uniqueName(purpose);
  const [feeds, data] = [join(folder, name, 'feeds'), join(folder, name, 'data')];
  const feed = readFileSync(join(ROOT, 'examples/compose/feeds/trades.yaml'), 'utf8')
    .replace('name: trades\n', `name: ${name}\n`)
    .replace('topic: trades\n', `topic: ${name}\n`)
    .replace('topic.name: trades.dlq', `topic.name: ${name}.dlq`);
  put(join(feeds, 'trades.yaml'), purpose === 'image' ? feed.replace(/^value\.converter.*\n/gm, '') : feed);
  mkdirSync(data, { recursive: true });
  return { name, feeds, data };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** In place of addresses that containers have for themselves. */
function workerVariables(name: string, bootstrapServers: string) {
  return {
    HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers,
    HEADRACE_LISTENERS: 'http://127.0.0.1:0',
    HEADRACE_OFFSET_STORAGE_TOPIC: `${name}.offsets`,
  };
}

/** Starts a container of the image, with its own command where none is given, and reads its log. */
function start(image: Layers, command: readonly string[] | null, options: Omit<Start, 'user'>) {
  for (const { from } of options.binds.filter(({ isReadOnly }) => !isReadOnly))
    execFileSync('chown', ['-R', '1000:1000', from]);
  const user = valueIn(last, 'USER') as string;
  const child = image.start(command ?? (execForm(valueIn(last, 'CMD') ?? '') as string[]), {
    ...options,
    user,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const log: LogLine[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
    log.push(line.startsWith('{') ? JSON.parse(line) : { msg: line });
  });
  return {
    pid: () => firstProcess(child.pid as number),
    /** The first line that says so. */
    async told(what: string | ((line: LogLine) => boolean)): Promise<LogLine> {
      const isMeant = typeof what === 'string' ? ({ msg }: LogLine) => msg === what : what;
      await expect.poll(() => log.some(isMeant), { timeout: 30_000 }).toBe(true);
      return log.find(isMeant) as LogLine;
    },
    stop() {
      process.kill(firstProcess(child.pid as number), 'SIGTERM');
      return once(child, 'exit');
    },
  };
}

/** Files that a build is sent. */
function contextFiles(): string[] {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  return paths.filter((path) => !ignored(path));
}

/** What is answered to somebody who knows the server by another name. */
async function textOf(url: string, host: string): Promise<string> {
  const [response] = (await once(get(url, { headers: { host } }), 'response')) as [IncomingMessage];
  return text(response);
}

function statusOf(pid: number, key: string): string {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return (
    lines
      .find((line) => line.startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim() ?? ''
  );
}
