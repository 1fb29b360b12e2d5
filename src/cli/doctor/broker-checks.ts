import type { WorkerConfig } from '../../config/worker-config.ts';
import { brokerNumbers } from '../../kafka/cluster/broker-configs.ts';
import { askEachBroker } from '../../kafka/cluster/brokers.ts';
import { type TransactionTrial, tryTransaction } from '../../kafka/cluster/transaction-trial.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { CREATE_TOPICS } from '../../kafka/protocol/create-topics.ts';
import { DESCRIBE_CONFIGS } from '../../kafka/protocol/describe-configs.ts';
import { FETCH } from '../../kafka/protocol/fetch.ts';
import { FIND_COORDINATOR } from '../../kafka/protocol/find-coordinator.ts';
import { LIST_OFFSETS } from '../../kafka/protocol/list-offsets.ts';
import { METADATA } from '../../kafka/protocol/metadata.ts';
import { PRODUCE } from '../../kafka/protocol/produce.ts';
import { ADD_PARTITIONS_TO_TXN, END_TXN, INIT_PRODUCER_ID } from '../../kafka/protocol/transactions.ts';
import { count, counted, duration } from '../../terminal/figures.ts';
import { type About, attempt, type Check, failed, noted, passed } from './check.ts';

const CALLS = [
  PRODUCE,
  FETCH,
  LIST_OFFSETS,
  METADATA,
  FIND_COORDINATOR,
  CREATE_TOPICS,
  INIT_PRODUCER_ID,
  ADD_PARTITIONS_TO_TXN,
  END_TXN,
  DESCRIBE_CONFIGS,
];
/** Tasks keep a transaction open for as long as this. */
const TRANSACTION_TIMEOUT_MS = 60_000;
/** Brokers refuse records from the future after an hour; people misread times long before. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;

const SETTINGS = [
  'transaction.max.timeout.ms',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
] as const;

/** Whether Kafka answers, and speaks what Headrace speaks; nothing else can be asked where the first of them fails. */
export async function* brokerChecks(client: KafkaClient, subject: string): AsyncGenerator<Check> {
  const about = { subject, key: 'bootstrap.servers' };
  yield await attempt(about, async () => {
    const lacks = await askEachBroker(client, async (connection, { host, port }) => {
      const link = await connection.any();
      const missing = CALLS.filter((call) => !link.serves(call));
      return missing.map(({ name, version }) => `${host}:${port} does not serve ${name} v${version}`);
    });
    const all = lacks.flat();
    const brokers = counted(lacks.length, 'broker');
    if (all.length === 0) return passed(about, `${brokers} at ${client.config.bootstrapServers}`);
    return failed(about, `${all.join('; ')}. Headrace needs Apache Kafka 2.1 or later.`);
  });
}

/** The brokers' own settings for transactions, as far as they may be read. */
export async function* settingChecks(client: KafkaClient, subject: string): AsyncGenerator<Check> {
  const brokers = (await brokerNumbers(client, SETTINGS).catch(() => null)) ?? [];
  for (const key of brokers.length === 0 ? [] : SETTINGS) {
    const values = brokers.map((broker) => broker[key]);
    yield settingCheck({ subject, key: `brokers' ${key}` }, key, values);
  }
}

/** Goes through a transaction on the offset topic, as every task does. */
export async function* transactionChecks(
  client: KafkaClient,
  worker: WorkerConfig,
  subject: string,
): AsyncGenerator<Check> {
  if (worker.exactlyOnceSourceSupport === 'disabled') return;
  const about = { subject, key: 'group.id' };
  const id = `${worker.groupId}-doctor`;
  const trials: TransactionTrial[] = [];
  yield await attempt(about, async () => {
    trials.push(await tryTransaction(client, id, worker.offsetStorageTopic));
    return passed(about, `a transaction of ${id} was begun and aborted`);
  });
  for (const { protocol, clockAheadMs } of trials) {
    yield protocolCheck({ subject, key: "brokers' transaction.version" }, protocol);
    if (clockAheadMs !== null) yield clockCheck({ subject, key: 'clock' }, clockAheadMs);
  }
}

/** Nothing is wrong with the older one, but of what comes late it refuses less. */
function protocolCheck(about: About, protocol: TransactionTrial['protocol']): Check {
  if (protocol === 'TV2') return passed(about, '2 or more: each transaction has an epoch of its own');
  return noted(
    about,
    'less than 2: a request of an earlier transaction is not refused when it comes very late. Where every broker is of ' +
      'Apache Kafka 4.0 or later, raise it, then restart the workers: kafka-features --bootstrap-server … upgrade --feature transaction.version=2',
  );
}

function settingCheck(about: About, key: (typeof SETTINGS)[number], values: readonly number[]): Check {
  const found = [...new Set(values)].map(count).join(', ');
  if (key === 'transaction.max.timeout.ms') {
    if (Math.min(...values) >= TRANSACTION_TIMEOUT_MS) return passed(about, found);
    return failed(
      about,
      `expected at least ${TRANSACTION_TIMEOUT_MS}, got ${found}; raise it on the brokers`,
    );
  }
  if (Math.max(...values) <= values.length) return passed(about, found);
  return failed(
    about,
    `expected at most ${values.length}, which is how many brokers there are, got ${found}: no transaction can begin. ` +
      'Lower it on the brokers, or start more of them.',
  );
}

function clockCheck(about: About, aheadMs: number): Check {
  const difference = duration(Math.abs(aheadMs));
  if (Math.abs(aheadMs) <= MAX_CLOCK_DIFFERENCE_MS) return passed(about, `${difference} from the broker's`);
  const side = aheadMs > 0 ? 'behind' : 'ahead of';
  return failed(about, `${difference} ${side} the broker's; have both machines take their time from NTP`);
}
