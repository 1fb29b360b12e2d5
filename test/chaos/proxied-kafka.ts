import { startKafka } from '../../scripts/stack/kafka.ts';
import { freePorts } from '../../scripts/stack/ports.ts';
import { type Gate, KafkaProxy } from './kafka-proxy.ts';

/** A broker of one's own that is reached through a proxy alone: that is the address it gives to its clients. */
export interface ProxiedKafka {
  readonly bootstrapServers: string;
  readonly proxy: KafkaProxy;
  stop(): Promise<void>;
}

export async function startProxiedKafka(gate: Gate): Promise<ProxiedKafka> {
  const [port, proxyPort] = (await freePorts(2)) as [number, number];
  const proxy = await KafkaProxy.listen(proxyPort, port, gate);
  const properties = { 'advertised.listeners': `CLIENTS://${proxy.address}` };
  const kafka = await startKafka({ preferredPorts: [port], properties });
  const stop = async () => {
    proxy.close();
    await kafka.stop();
  };
  return { bootstrapServers: proxy.address, proxy, stop };
}
