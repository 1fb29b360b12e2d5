import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { FeedFolder } from '../integration/support/feed-folder.ts';
import { HeadraceProcess } from '../integration/support/headrace-process.ts';
import { ask } from '../integration/support/worker-group.ts';
import { type KafkaCluster, startKafka, uniqueName } from '../support/stack.ts';

let kafka: KafkaCluster;

beforeAll(async () => {
  kafka = await startKafka();
});

afterAll(() => kafka?.stop());

/** It knows for longer than the test takes that it leads. */
const GROUP = { 'group.id': 'away', 'session.timeout.ms': '60000' };

async function startWorker(options: Readonly<Record<string, string>>) {
  const { bootstrapServers } = kafka;
  const folder = await FeedFolder.make(uniqueName('away'));
  await folder.worker({
    'bootstrap.servers': bootstrapServers,
    listeners: 'http://127.0.0.1:0',
    ...options,
  });
  const daemon = HeadraceProcess.start({ feeds: [], worker: folder.at('worker.yaml') });
  onTestFinished(() => daemon.kill());
  const url = String((await daemon.waitFor('REST listening')).address);
  await daemon.waitFor('worker started', 60_000);
  const config = async (name: string) => {
    await folder.write(`${name}/readme`, '');
    return { 'connector.class': 'directory', 'input.path': folder.at(name), transforms: 'parse,route' };
  };
  const made = async (name: string, state: string) => {
    const parts = { 'transforms.parse.type': 'csv', 'transforms.route.type': 'route' };
    const feed = { ...(await config(name)), ...parts, 'transforms.route.topic': name };
    const body = { name, config: feed, initial_state: state };
    expect(await ask(url, 'POST', '/connectors', body)).toMatchObject({ status: 201 });
    return feed;
  };
  return { url, daemon, made };
}

const PARTITION = { file: '/a.csv', generation: 'a' };

test.each([
  ['alone', {}],
  ['of a group', GROUP],
])(
  'a worker %s that cannot reach Kafka answers 503 to whatever it is needed for, and has not done it',
  {
    timeout: 180_000,
  },
  async (_, options) => {
    const { url, daemon, made } = await startWorker(options);
    const feed = await made('put', 'RUNNING');
    for (const name of ['pause', 'stop', 'delete', 'restart', 'task']) await made(name, 'RUNNING');
    for (const name of ['resume', 'reset', 'alter']) await made(name, 'STOPPED');
    const [broker] = kafka.brokers;
    await broker?.kill();
    onTestFinished(() => broker?.start());
    const answers = await Promise.all(
      (
        [
          ['PUT', '/connectors/put/config', { ...feed, 'settle.ms': '7' }],
          ['PUT', '/connectors/pause/pause'],
          ['PUT', '/connectors/stop/stop'],
          ['PUT', '/connectors/resume/resume'],
          ['DELETE', '/connectors/delete'],
          ['DELETE', '/connectors/reset/offsets'],
          ['PATCH', '/connectors/alter/offsets', { offsets: [{ partition: PARTITION, offset: null }] }],
          ['GET', '/connectors/reset/offsets'],
          ...(options === GROUP
            ? ([
                ['POST', '/connectors/restart/restart?includeTasks=true'],
                ['POST', '/connectors/task/tasks/0/restart'],
              ] as const)
            : []),
        ] as const
      ).map(async ([method, path, body]) => {
        const { status, body: answer } = await ask(url, method, path, body);
        return { request: `${method} ${path}`, status, error: answer?.error_code, message: answer?.message };
      }),
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 503, error: 503, message: expect.any(String) });
    const { body: shown } = await ask(url, 'GET', '/connectors?expand=status');
    const states = Object.entries(shown as Record<string, { status: { connector: { state: string } } }>);
    expect(Object.fromEntries(states.map(([name, { status }]) => [name, status.connector.state]))).toEqual({
      ...{ put: 'RUNNING', pause: 'RUNNING', stop: 'RUNNING', delete: 'RUNNING' },
      ...{ restart: 'RUNNING', task: 'RUNNING' },
      ...{ resume: 'STOPPED', reset: 'STOPPED', alter: 'STOPPED' },
    });
    expect(daemon.lines.filter(({ msg }) => msg === 'REST request failed')).toEqual([]);
  },
);
