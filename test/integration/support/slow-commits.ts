import { onTestFinished } from 'vitest';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import { SLOW_COMMITS } from './gates.ts';

/**
 * Where clients reach these brokers so that each of their commits takes its time: a load of many transactions then
 * lasts long enough to be cut off under way, however fast the machine is. Gone with the test.
 *
 * @param bootstrapServers every broker of the cluster
 */
export async function behindSlowCommits(bootstrapServers: string): Promise<string> {
  const proxies = await KafkaProxies.before(bootstrapServers, SLOW_COMMITS);
  onTestFinished(() => proxies.close());
  return proxies.bootstrapServers;
}
