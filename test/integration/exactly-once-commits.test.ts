import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../scripts/stack/ports.ts';
import { API, type Direction, type Gate, KafkaProxy } from '../chaos/kafka-proxy.ts';
import type { TradesLoad } from '../chaos/trades-load.ts';
import { type KafkaCluster, startKafka } from '../support/stack.ts';
import { expectExactlyOnce, finishLoad, newLoad, startDaemon, visibleRows } from './support/loads.ts';

/** Holds back the n-th frame of a kind, and all that comes after it, until it is told to let go. */
class Trap implements Gate {
  readonly sprung = Promise.withResolvers<void>();
  readonly #direction: Direction;
  readonly #apiKey: number;
  #left: number;

  constructor(direction: Direction, apiKey: number, number: number) {
    this.#direction = direction;
    this.#apiKey = apiKey;
    this.#left = number;
  }

  pass(direction: Direction, apiKey: number): Promise<void> | void {
    if (direction !== this.#direction || apiKey !== this.#apiKey || --this.#left > 0) return;
    this.sprung.resolve();
    return new Promise(() => {});
  }
}

const OPEN: Gate = { pass: () => {} };

let kafka: KafkaCluster;
let proxy: KafkaProxy;
let gate = OPEN;

beforeAll(async () => {
  const [port, proxyPort] = (await freePorts(2)) as [number, number];
  proxy = await KafkaProxy.listen(proxyPort, port, { pass: (...frame) => gate.pass(...frame) });
  // Clients know the broker by its proxy's address alone.
  const properties = { 'advertised.listeners': `CLIENTS://${proxy.address}` };
  kafka = await startKafka({ preferredPorts: [port], properties });
});

afterAll(async () => {
  await kafka?.stop();
  proxy?.close();
});

async function killAt(trap: Trap, load: TradesLoad): Promise<void> {
  gate = trap;
  const daemon = startDaemon(load);
  await trap.sprung.promise;
  await daemon.kill();
  gate = OPEN;
}

describe('a daemon that is killed', () => {
  const moments: [string, Direction, number, number][] = [
    ['before its partitions are added to a transaction', 'request', API.addPartitionsToTxn, 1],
    ['when the broker has added them', 'answer', API.addPartitionsToTxn, 3],
    ['between two sends of a transaction', 'request', API.produce, 3],
    ['before its commit reaches the broker', 'request', API.endTxn, 2],
    ['when the commit is done and the answer is on its way', 'answer', API.endTxn, 2],
  ];

  it.each(moments)('%s delivers each row once after its restart', async (_, direction, apiKey, number) => {
    const trades = { rows: 20_000, files: 1, seed: 31, badEvery: 1000 };
    const feed = { 'transaction.boundary': 'poll' };
    const load = await newLoad({ bootstrapServers: proxy.address, trades, feed });
    await killAt(new Trap(direction, apiKey, number), load);
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
  });

  it('before the commit of a whole file shows none of its rows, and after it all of them', async () => {
    const trades = { rows: 20_000, files: 1, seed: 32, badEvery: 1000 };
    const feed = { 'transaction.boundary': 'file' };
    const load = await newLoad({ bootstrapServers: proxy.address, trades, feed });
    await killAt(new Trap('request', API.endTxn, 1), load);
    expect(await visibleRows(load, 'read_uncommitted')).toBeGreaterThan(19_000);
    expect(await visibleRows(load, 'read_committed')).toBe(0);

    await killAt(new Trap('answer', API.endTxn, 1), load);
    expect(await load.waiting()).toHaveLength(1);
    expect(await visibleRows(load, 'read_committed')).toBeGreaterThan(19_000);
    const daemon = await finishLoad(load);
    expect(daemon.lines.filter(({ msg }) => msg === 'transaction committed')).toEqual([]);
    await expectExactlyOnce(load, await load.check());
  });
});
