import { onTestFinished } from 'vitest';
import { sharedKafka, uniqueName } from '../../support/stack.ts';
import { FeedFolder } from './feed-folder.ts';
import { HeadraceProcess } from './headrace-process.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A worker of a group, as a process of its own. */
export interface GroupWorker {
  readonly daemon: HeadraceProcess;
  readonly url: string;
}

export interface WorkerGroup {
  readonly bootstrapServers: string;
  readonly folder: FeedFolder;
  readonly workers: readonly GroupWorker[];
  /** One more. @param env HEADRACE_… options of this one alone @param feeds files of feeds that it has for itself */
  start(env?: Readonly<Record<string, string>>, feeds?: readonly string[]): Promise<GroupWorker>;
  /** Of a feed of four tasks that reads the folder `drop`, for REST. */
  readonly config: Readonly<Record<string, string>>;
}

/** Workers of one group on one folder, whose topics are their own; they end with the test. */
export async function startGroup(
  size: number,
  options: Readonly<Record<string, string>> = {},
): Promise<WorkerGroup> {
  const { bootstrapServers } = await sharedKafka();
  const folder = await FeedFolder.make(uniqueName('cluster'));
  const { name } = folder;
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    'group.id': name,
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '500',
    'status.storage.topic': `${name}.status`,
    listeners: 'http://127.0.0.1:0',
    ...options,
  });
  await folder.write('drop/readme', '');
  const start = async (env: Readonly<Record<string, string>> = {}, feeds: readonly string[] = []) => {
    const daemon = HeadraceProcess.start({ feeds, worker: folder.at('worker.yaml'), env });
    onTestFinished(() => daemon.kill());
    const url = String((await daemon.waitFor('REST listening')).address);
    await daemon.waitFor('worker started', 60_000);
    return { daemon, url };
  };
  const workers = await Promise.all(Array.from({ length: size }, () => start()));
  const config = {
    'connector.class': 'directory',
    'input.path': folder.at('drop'),
    'input.file.pattern': '*.csv',
    'settle.ms': '50',
    'scan.interval.ms': '200',
    'tasks.max': '4',
    transforms: 'parse,route',
    'transforms.parse.type': 'csv',
    'transforms.route.type': 'route',
    'transforms.route.topic': name,
    'transaction.boundary.interval.ms': '50',
    'topic.creation.default.partitions': '1',
  };
  return { bootstrapServers, folder, workers, start, config };
}

/** Asks a worker over REST. */
export async function ask(
  url: string,
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
) {
  const sent =
    body === undefined ? { headers } : { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, { method, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

/** Which of the workers leads now, once one does; and the others. */
export async function leaderAmong(
  workers: readonly GroupWorker[],
): Promise<{ readonly leader: GroupWorker; readonly followers: readonly GroupWorker[] }> {
  const told = await Promise.all(
    workers.map(async (worker) => {
      await worker.daemon.waitFor(isSharedOut);
      return { worker, last: worker.daemon.lines.findLast(isSharedOut) };
    }),
  );
  const leader = told.find(({ last }) => last?.isLeader === true)?.worker;
  if (leader === undefined) throw new Error('nobody leads');
  return { leader, followers: workers.filter((worker) => worker !== leader) };
}

const isSharedOut = ({ msg }: { readonly msg: string }) => msg === 'work of the group shared out';
