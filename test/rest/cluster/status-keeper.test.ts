import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { statusBody } from '../../../src/rest/connector-bodies.ts';
import { StatusKeeper } from '../../../src/rest/status-keeper.ts';
import type { ClusterView } from '../../../src/runtime/cluster/cluster-view.ts';
import type { RuntimeEvent } from '../../../src/runtime/events/events.ts';
import type { Herder } from '../../../src/runtime/worker/herder.ts';
import type { ManagedConnector } from '../../../src/runtime/worker/managed-connector.ts';
import type { TaskState } from '../../../src/runtime/worker/states.ts';
import { workerOf } from '../../config/sample-feed.ts';
import { bootstrapServers, linesOf, SOON } from '../../kafka/support.ts';
import { uniqueName } from '../../support/stack.ts';

let topic = '';
let group = '';

beforeEach(() => {
  topic = uniqueName('statuses');
  group = uniqueName('group');
});

/** A worker of a group as far as states go: one connector of three tasks, of which it runs some. */
class Member {
  readonly id: string;
  readonly view: { -readonly [K in keyof ClusterView]: ClusterView[K] } = {
    isLeader: false,
    isSure: true,
    leaderUrl: null,
    generation: 1,
    sessionKeys: [],
    unassigned: new Map(),
    sync: async () => {},
  };
  readonly keeper: StatusKeeper;
  readonly #connectors = new Map<string, ManagedConnector>();
  #own: readonly number[] = [];
  #states: TaskState[] = ['UNASSIGNED', 'UNASSIGNED', 'UNASSIGNED'];

  constructor(id: string, own: readonly number[]) {
    this.id = id;
    const worker = workerOf({
      'bootstrap.servers': bootstrapServers,
      'group.id': group,
      'status.storage.topic': topic,
      'status.storage.partitions': '2',
      listeners: 'http://127.0.0.1:0',
    });
    const herder = { connectors: this.#connectors } as unknown as Herder;
    this.keeper = new StatusKeeper({
      worker,
      herder,
      cluster: this.view,
      identity: () => ({ workerId: id, version: '1' }),
      onFailure: () => {},
    });
    const { states } = this;
    const tasks = [0, 1, 2].map((taskId) => ({
      plan: { taskId },
      error: null,
      get state() {
        return states()[taskId];
      },
    }));
    const connector = {
      config: { name: 'feed' },
      file: null,
      state: 'RUNNING',
      target: 'STARTED',
      error: null,
      tasks,
      isOwn: (task: number) => this.#own.includes(task),
    };
    this.#connectors.set('feed', connector as unknown as ManagedConnector);
    this.run(own);
    onTestFinished(() => this.keeper.close());
  }

  readonly states = () => this.#states;

  /** Has these tasks from now on, and no others. */
  run(own: readonly number[], generation = this.view.generation): void {
    this.#own = own;
    this.view.generation = generation;
    this.#states = [0, 1, 2].map((task) => (own.includes(task) ? 'RUNNING' : 'UNASSIGNED'));
    this.tell({ type: 'group.changed', generation, isLeader: false, leaderUrl: null, tasks: own.length });
  }

  tell(event: RuntimeEvent): void {
    this.keeper.apply(event);
  }

  delete(): void {
    this.#connectors.delete('feed');
    this.tell({ type: 'connector.changed', connector: 'feed', change: 'deleted' });
  }

  /** As `GET /connectors/feed/status` gives it: who has each task, in which state. */
  get shown(): string[] {
    const connector = this.#connectors.get('feed') as ManagedConnector;
    const body = statusBody(connector, { workerId: this.id, version: '1' }, this.keeper);
    return [body.connector, ...body.tasks].map(({ state, worker_id, trace }) =>
      [state, worker_id, ...(trace === undefined ? [] : [trace])].join(' '),
    );
  }
}

/** What is in the topic in the end, by key. */
async function inTopic(): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  await linesOf(topic, ({ key, value }) => {
    if (value === null) delete values[String(key)];
    else values[String(key)] = JSON.parse(String(value));
    return '';
  });
  return values;
}

test('each worker tells of what it runs, and shows what the others tell', async () => {
  const leader = new Member('a:1', [0]);
  leader.view.isLeader = true;
  leader.run([0]);
  const follower = new Member('b:1', [1, 2]);
  const expected = ['RUNNING a:1', 'RUNNING a:1', 'RUNNING b:1', 'RUNNING b:1'];
  await expect.poll(() => leader.shown, SOON).toEqual(expected);
  await expect.poll(() => follower.shown, SOON).toEqual(expected);
  const running = { state: 'RUNNING', trace: null, version: '1', generation: 1 };
  await expect.poll(inTopic, SOON).toEqual({
    'status-connector-feed': { ...running, worker_id: 'a:1' },
    'status-task-feed-0': { ...running, worker_id: 'a:1' },
    'status-task-feed-1': { ...running, worker_id: 'b:1' },
    'status-task-feed-2': { ...running, worker_id: 'b:1' },
  });
});

test('a task that moves is told of by who has it now; one that is let go and nobody has is UNASSIGNED', async () => {
  const leader = new Member('a:1', [0, 1, 2]);
  leader.view.isLeader = true;
  leader.run([0, 1, 2]);
  const other = new Member('b:1', []);
  await expect.poll(() => other.shown[3], SOON).toBe('RUNNING a:1');
  leader.run([0], 2);
  other.run([1], 2);
  const expected = ['RUNNING a:1', 'RUNNING a:1', 'RUNNING b:1', 'UNASSIGNED a:1'];
  await expect.poll(() => leader.shown, SOON).toEqual(expected);
  await expect.poll(() => other.shown, SOON).toEqual(expected);
});

test('the leader tells why nobody can run a task, in place of what a worker that is gone told last', async () => {
  const gone = new Member('gone:1', [0, 1, 2]);
  await expect.poll(async () => Object.keys(await inTopic().catch(() => ({}))), SOON).toHaveLength(3);
  await gone.keeper.close();
  const leader = new Member('a:1', []);
  leader.view.isLeader = true;
  leader.view.unassigned = new Map([['feed', 'no worker has the label mount=drop1']]);
  leader.run([], 2);
  const nobody = 'UNASSIGNED a:1 no worker has the label mount=drop1';
  await expect.poll(() => leader.shown, SOON).toEqual(['RUNNING a:1', nobody, nobody, nobody]);
  const found = new Member('b:1', []);
  found.run([0, 1, 2], 3);
  leader.view.unassigned = new Map();
  leader.run([], 3);
  await expect
    .poll(() => leader.shown, SOON)
    .toEqual(['RUNNING a:1', 'RUNNING b:1', 'RUNNING b:1', 'RUNNING b:1']);
});

test('a worker of before, which wakes up and tells what it has not any more, is overwritten', async () => {
  const leader = new Member('a:1', [0, 1, 2]);
  leader.view.isLeader = true;
  leader.run([0, 1, 2], 7);
  await expect.poll(() => leader.shown[1], SOON).toBe('RUNNING a:1');
  const zombie = new Member('zombie:1', [1]);
  const written = () => linesOf(topic, ({ value }) => String(value));
  await expect.poll(written, SOON).toContainEqual(expect.stringContaining('zombie:1'));
  await expect
    .poll(async () => {
      const { 'status-task-feed-1': told } = await inTopic();
      return told;
    }, SOON)
    .toMatchObject({ worker_id: 'a:1', generation: 7 });
  await expect.poll(() => leader.shown[2], SOON).toBe('RUNNING a:1');
  expect(zombie.view.generation).toBe(1);
});

test('topics that a connector writes to are known to all workers, until they are reset at any', async () => {
  const [one, other] = [new Member('a:1', [0]), new Member('b:1', [1])];
  const committed = (task: number, name: string) =>
    ({
      type: 'transaction.committed',
      connector: 'feed',
      task,
      topics: { [name]: 1 },
    }) as unknown as RuntimeEvent;
  one.tell(committed(0, 'trades'));
  other.tell(committed(1, 'quotes'));
  for (const { keeper } of [one, other])
    await expect.poll(() => keeper.topicsOf('feed'), SOON).toEqual(['quotes', 'trades']);
  other.keeper.resetTopics('feed');
  for (const { keeper } of [one, other]) await expect.poll(() => keeper.topicsOf('feed'), SOON).toEqual([]);
});

test('a connector that is deleted leaves nothing behind', async () => {
  const [leader, other] = [new Member('a:1', [0]), new Member('b:1', [1, 2])];
  leader.view.isLeader = true;
  leader.run([0]);
  await expect.poll(async () => Object.keys(await inTopic()).length, SOON).toBe(4);
  other.delete();
  leader.delete();
  await expect.poll(inTopic, SOON).toEqual({});
});

test("a worker that stops tells that its tasks are nobody's", async () => {
  const one = new Member('a:1', [0, 1, 2]);
  await expect.poll(async () => Object.keys(await inTopic()).length, SOON).toBe(3);
  one.states().fill('STOPPED');
  one.tell({ type: 'task.state', connector: 'feed', task: 0, state: 'STOPPED', previous: 'RUNNING' });
  await one.keeper.close();
  expect(Object.values(await inTopic())).toEqual(
    Array(3).fill(expect.objectContaining({ state: 'UNASSIGNED', worker_id: 'a:1' })),
  );
});
