import { describe, expect, test } from 'vitest';
import { isMember } from '../../../src/config/define/group.ts';
import { labelsOf } from '../../../src/config/define/labels.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { renderProblem } from '../../../src/config/read/problem.ts';
import { parseWorkerConfig } from '../../../src/config/worker-config.ts';
import { load, MINIMAL, problemsOf, workerOf } from '../sample-feed.ts';

const GROUP = { 'group.id': 'feeds', listeners: 'http://127.0.0.1:8083' };

function mistakesOf(flat: Record<string, string>): string[] {
  const { problems } = parseWorkerConfig(
    entriesOf({ 'bootstrap.servers': 'a:1', ...flat }, 'worker.yaml', '/worker'),
    {},
  );
  return problems.map(renderProblem);
}

describe('a worker', () => {
  test.each([
    [{}, false],
    [{ 'group.id': 'feeds' }, false],
    [{ listeners: 'http://127.0.0.1:8083' }, false],
    [{ ...GROUP, 'group.id': 'headrace-standalone' }, false],
    [GROUP, true],
  ])('with %j is a member of a group: %s', (flat, expected) => {
    expect(isMember(workerOf(flat))).toBe(expected);
  });

  test('has a session that brokers take as they come, and heartbeats that fit', () => {
    const { sessionTimeoutMs, heartbeatIntervalMs, rebalanceTimeoutMs } = workerOf();
    expect({ sessionTimeoutMs, heartbeatIntervalMs, rebalanceTimeoutMs }).toEqual({
      sessionTimeoutMs: 6000,
      heartbeatIntervalMs: 500,
      rebalanceTimeoutMs: 60_000,
    });
  });

  test('has labels, as a list or a text', () => {
    const worker = workerOf({ ...GROUP, 'worker.labels': 'zone=sydney, topology.kubernetes.io/region = au' });
    expect(labelsOf(worker.workerLabels)).toEqual(
      new Map([
        ['zone', 'sydney'],
        ['topology.kubernetes.io/region', 'au'],
      ]),
    );
  });

  test.each<[Record<string, string>, string]>([
    [
      { 'session.timeout.ms': '6' },
      'session.timeout.ms: expected 1000 to 2147483647, got 6; brokers take 6000 and more, unless their group.min.session.timeout.ms says otherwise',
    ],
    [
      { 'session.timeout.ms': '2147483648' },
      'session.timeout.ms: expected 1000 to 2147483647, got 2147483648; brokers take 6000 and more, unless their group.min.session.timeout.ms says otherwise',
    ],
    [
      { 'heartbeat.interval.ms': '0' },
      'heartbeat.interval.ms: expected 1 to 2000, a third of session.timeout.ms, got 0',
    ],
    [
      { 'heartbeat.interval.ms': '3000' },
      'heartbeat.interval.ms: expected 1 to 2000, a third of session.timeout.ms, got 3000; or set session.timeout.ms to 9000 or more',
    ],
    [
      { 'rebalance.timeout.ms': '5999' },
      'rebalance.timeout.ms: expected session.timeout.ms, 6000, to 2147483647, got 5999',
    ],
    [
      { ...GROUP, 'group.instance.id': 'pod 1' },
      'group.instance.id: expected 1 to 249 letters, digits, dots, _ and -, got "pod 1"',
    ],
    [
      { ...GROUP, 'group.instance.id': '..' },
      'group.instance.id: expected 1 to 249 letters, digits, dots, _ and -, got ".."',
    ],
    [
      { listeners: 'http://127.0.0.1:8083', 'group.instance.id': 'pod-1' },
      'group.instance.id: has no effect without group.id: workers share their work when they have both group.id and listeners; set it, or leave this out',
    ],
    [
      { 'group.id': 'feeds', 'worker.labels': 'zone=sydney' },
      'worker.labels: has no effect without listeners: workers share their work when they have both group.id and listeners; set it, or leave this out',
    ],
    ...['sydney', '=sydney', 'zone=', 'zone=a b', 'zo ne=a', '-zone=a', 'zone=a=b'].map(
      (labels): [Record<string, string>, string] => [
        { ...GROUP, 'worker.labels': labels },
        `worker.labels: expected labels such as zone=sydney, whose names and values are up to 255 letters, digits, dots, _, - and /, got ${JSON.stringify(labels)}`,
      ],
    ),
    [
      { ...GROUP, 'worker.labels': 'zone=a,zone=b' },
      'worker.labels: gives the label zone twice; expected each name once',
    ],
  ])('with %j has a mistake', (flat, message) => {
    expect(mistakesOf(flat)).toEqual([`worker.yaml: ${message}`]);
  });

  test('whose session is wrong is not told of what is held against it', () => {
    expect(mistakesOf({ 'session.timeout.ms': '0', 'heartbeat.interval.ms': '5000' })).toHaveLength(1);
    expect(mistakesOf({ 'session.timeout.ms': '6s' })).toEqual([
      'worker.yaml: session.timeout.ms: expected a whole number, zero or more, got "6s"',
    ]);
  });
});

describe('a feed', () => {
  test('runs anywhere, or where its labels and its marker are', async () => {
    const placed = async (flat: Record<string, string>) =>
      (await load(entriesOf({ ...MINIMAL, ...flat }, 'feed.yaml', '/feeds'))).config?.placement;
    expect(await placed({})).toEqual({ labels: [], marker: null });
    expect(
      await placed({ placement: 'zone=sydney,mount=drop1', 'placement.marker': 'drop/.asx-drop' }),
    ).toEqual({ labels: ['zone=sydney', 'mount=drop1'], marker: '/feeds/drop/.asx-drop' });
  });

  test.each<[Record<string, string>, string]>([
    [
      { placement: 'sydney' },
      'placement: expected labels such as zone=sydney, whose names and values are up to 255 letters, digits, dots, _, - and /, got "sydney"',
    ],
    [{ placement: 'a=1,a=2' }, 'placement: gives the label a twice; expected each name once'],
    [
      { 'placement.marker': '/data/drop/asx' },
      'placement.marker: expected a file whose name begins with a dot, such as .asx, so that no feed loads it, got "/data/drop/asx"',
    ],
  ])('with %j has a mistake', async (flat, message) => {
    expect(await problemsOf(flat)).toEqual([expect.stringContaining(message)]);
  });
});
