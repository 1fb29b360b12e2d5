import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { sharedKafka, sharedServer, uniqueName, unraisedKafka } from '../support/stack.ts';
import type { Ground, Outcome, Protocol, Wishes } from './ground.ts';
import { KafkaProxies } from './proxied-kafka.ts';
import { SwitchGate } from './switch-gate.ts';

/** A ground on a broker that all tests share, gone with the test. */
export async function sharedGround(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  seed: number,
  wishes: Partial<Wishes> = {},
  protocol: Protocol = 'TV2',
): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-chaos-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const gate = new SwitchGate();
  const { bootstrapServers } = await (protocol === 'TV2' ? sharedKafka() : unraisedKafka());
  const proxies = await KafkaProxies.before(bootstrapServers, gate);
  onTestFinished(() => proxies.close());
  return {
    protocol,
    cluster: null,
    proxies,
    gate,
    server: sharedServer,
    folder,
    name: uniqueName('chaos'),
    random: seededRandom(seed),
    seed,
    wishes: { rows: 20_000, times: 1, minutes: 1, built: true, ...wishes },
    say: () => {},
  };
}

/** One number out of the facts. */
export function factOf(outcome: Outcome, name: string): string | number | undefined {
  return outcome.facts.find(([fact]) => fact === name)?.[1];
}
