import { afterAll, beforeAll, describe, it } from 'vitest';
import { freePorts } from '../../scripts/stack/ports.ts';
import { API, type Direction, type Gate, KafkaProxy } from '../chaos/kafka-proxy.ts';
import { type KafkaCluster, startKafka } from '../support/stack.ts';
import { expectExactlyOnce, finishLoad, newLoad, startDaemon } from './support/loads.ts';

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

describe('a daemon that is killed', () => {
  const moments: [string, Direction, number, number][] = [
    ['before its partitions are added to a transaction', 'request', API.addPartitionsToTxn, 1],
    ['when the broker has added them', 'answer', API.addPartitionsToTxn, 3],
    ['between two sends of a transaction', 'request', API.produce, 3],
    ['before its commit reaches the broker', 'request', API.endTxn, 2],
    ['when the commit is done and the answer is on its way', 'answer', API.endTxn, 2],
    ['when the last commit of the file is done and the answer is on its way', 'answer', API.endTxn, 99],
  ];

  it.each(moments)('%s delivers each row once after its restart', async (_, direction, apiKey, number) => {
    const isLast = number === 99;
    const trades = { rows: 20_000, files: 1, seed: number, badEvery: 1000 };
    const feed = isLast ? { 'transaction.boundary': 'file' } : { 'transaction.boundary': 'poll' };
    const load = await newLoad({ bootstrapServers: proxy.address, trades, feed });
    const trap = new Trap(direction, apiKey, isLast ? 1 : number);
    gate = trap;
    const daemon = startDaemon(load);
    await trap.sprung.promise;
    await daemon.kill();
    gate = OPEN;
    await finishLoad(load);
    await expectExactlyOnce(load, await load.check());
  });
});
