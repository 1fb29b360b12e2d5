import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaCluster } from '../../scripts/stack/cluster.ts';
import type { JavaKafkaCluster } from '../../scripts/stack/java-kafka.ts';
import { readProc, statFields } from './proc.ts';

/** Of a second, as /proc tells CPU time on every Linux machine that Node runs on (USER_HZ). */
const TICKS = 100;
/** Among `statFields`. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** What a load costs the brokers, where they are processes of this machine. */
export class BrokerWatch {
  readonly #cluster: JavaKafkaCluster;

  private constructor(cluster: JavaKafkaCluster) {
    this.#cluster = cluster;
  }

  /** null where the brokers are in containers, or the system has no /proc. */
  static of(cluster: KafkaCluster): BrokerWatch | null {
    const isSeen = 'folder' in cluster && readProc('self/stat') !== '';
    return isSeen ? new BrokerWatch(cluster as JavaKafkaCluster) : null;
  }

  /** User and system time since they began, of all brokers. */
  cpuMs(): number {
    return this.#cluster.brokers.reduce((sum, { pid }) => sum + cpuMsOf(pid as number), 0);
  }

  /** Of a topic's records in the log of the first broker, as they are stored. */
  bytesOf(topic: string): number {
    const log = join(this.#cluster.folder, 'broker-1');
    const partitions = readdirSync(log).filter((name) => name.replace(/-\d+$/, '') === topic);
    const segments = partitions.flatMap((name) =>
      readdirSync(join(log, name)).flatMap((file) => (file.endsWith('.log') ? join(log, name, file) : [])),
    );
    return segments.reduce((sum, segment) => sum + statSync(segment).size, 0);
  }
}

function cpuMsOf(pid: number): number {
  const fields = statFields(pid);
  return ((Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * 1000) / TICKS;
}
