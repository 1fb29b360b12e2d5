import { randomBytes } from 'node:crypto';
import type { KafkaOptions } from './cluster.ts';
import type { KafkaNode } from './kafka-properties.ts';
import { freePorts } from './ports.ts';

/** The nodes of a cluster to be, each with free ports of its own: one for clients, one for its controller, one for each further listener. */
export async function chooseNodes(options: KafkaOptions): Promise<KafkaNode[]> {
  const count = options.brokers ?? 1;
  const further = Object.entries(options.listeners ?? {});
  const ports = await freePorts(count * (2 + further.length), options.preferredPorts?.slice(0, count));
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    port: ports[index] as number,
    controllerPort: ports[count + index] as number,
    listeners: further.map(([name, protocol], at) => ({
      name,
      protocol,
      port: ports[(2 + at) * count + index] as number,
    })),
  }));
}

/** A new id for a cluster, in Kafka's form of a UUID. */
export function newClusterId(): string {
  const bytes = randomBytes(16);
  // So that it never begins with a hyphen, which Kafka's tools would take for an option.
  bytes[0] = 0;
  return bytes.toString('base64url');
}

/** What Kafka's storage tool is told beside the id of the cluster. */
export function formattingOptions({ scramUsers = [], features = {} }: KafkaOptions): string[] {
  const levels = Object.entries(features).map(([name, level]) => `${name}=${level}`);
  return [
    ...scramUsers.flatMap((user) => ['--add-scram', user]),
    ...levels.flatMap((level) => ['--feature', level]),
  ];
}

/** What a broker's JVM is told beside its memory. */
export function jvmOptions({ systemProperties = {} }: KafkaOptions): string[] {
  return Object.entries(systemProperties).map(([name, value]) => `-D${name}=${value}`);
}
