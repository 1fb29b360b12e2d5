import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { API, type Direction } from '../chaos/kafka-proxy.ts';
import { KafkaProxies } from '../chaos/proxied-kafka.ts';
import { OPEN, Strike, SwitchGate } from '../chaos/switch-gate.ts';
import type { TradesLoad } from '../chaos/trades-load.ts';
import { sharedKafka } from '../support/stack.ts';
import { Trap } from './support/gates.ts';
import { expectExactlyOnce, finishLoad, newLoad } from './support/loads.ts';

vi.setConfig({ testTimeout: 180_000 });

const gate = new SwitchGate();
let proxies: KafkaProxies;
beforeAll(async () => {
  proxies = await KafkaProxies.before((await sharedKafka()).bootstrapServers, gate);
});
afterAll(() => proxies?.close());
afterEach(() => {
  gate.current = OPEN;
});

/** The first transaction of a start is that by which the worker takes its feed over. */
const MOMENTS: readonly [string, Direction, number, number][] = [
  ['while it takes its feed over', 'request', API.endTxn, 1],
  ['while it sends rows', 'request', API.produce, 3],
  ['while it commits', 'request', API.endTxn, 3],
];

function makeLoad(): Promise<TradesLoad> {
  const trades = { rows: 30_000, files: 2, seed: 41, badEvery: 1000 };
  const feed = { 'transaction.boundary': 'poll' };
  return newLoad({ bootstrapServers: proxies.bootstrapServers, trades, feed });
}

function start(load: TradesLoad) {
  const daemon = load.start({ env: { HEADRACE_TASK_SHUTDOWN_GRACEFUL_TIMEOUT_MS: '1500' } });
  onTestFinished(() => daemon.kill());
  return daemon;
}

describe('a daemon that gets SIGTERM', () => {
  test.each(MOMENTS)('%s ends in order with 0, and the next one goes on', async (_, ...moment) => {
    const load = await makeLoad();
    const daemon = start(load);
    gate.current = new Strike(...moment, () => daemon.signal('SIGTERM'));
    expect(await daemon.exited).toBe(0);
    gate.current = OPEN;
    expect(daemon.lines.at(-1)).toMatchObject({ msg: 'worker stopped' });
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
  });

  test.each(MOMENTS)(
    '%s and whose broker is silent from then on ends all the same, with 0, and the next one goes on',
    async (_, ...moment) => {
      const load = await makeLoad();
      const trap = new Trap(...moment);
      gate.current = trap;
      const daemon = start(load);
      await trap.sprung.promise;
      daemon.signal('SIGTERM');
      expect(await daemon.exited).toBe(0);
      gate.current = OPEN;
      expect(daemon.lines.at(-1)).toMatchObject({ msg: 'worker stopped' });
      await finishLoad(load);
      await expectExactlyOnce(load, await load.check());
    },
  );
});
