import type { KafkaConnection } from '../connection/connection.ts';
import { failOn } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import type { Api } from '../protocol/api.ts';
import { API_VERSIONS } from '../protocol/api-versions.ts';
import {
  PRODUCE,
  PRODUCE_JOINING,
  PRODUCE_NAMING_RECORDS,
  type ProduceRequest,
  type ProduceResponse,
} from '../protocol/produce.ts';
import {
  ADD_PARTITIONS_TO_TXN,
  END_TXN,
  END_TXN_RAISING_EPOCH,
  type EndTxnRequest,
  type EndTxnResponse,
  INIT_PRODUCER_ID_FLEXIBLE,
} from '../protocol/transactions.ts';

/** Which requests a transaction is made of. */
export interface TransactionProtocol {
  readonly name: 'old' | 'TV2';
  /** Makes partitions part of it; null where the first batch for each does. */
  readonly addPartitions: typeof ADD_PARTITIONS_TO_TXN | null;
  readonly endTxn: Api<EndTxnRequest, EndTxnResponse>;
  /** A broker is sent the first of them that it serves. */
  readonly produce: readonly [
    Api<ProduceRequest, ProduceResponse>,
    ...Api<ProduceRequest, ProduceResponse>[],
  ];
}

/** Of Apache Kafka 2.1 and later. Its transactions follow each other under one epoch. */
export const OLD_PROTOCOL: TransactionProtocol = {
  name: 'old',
  addPartitions: ADD_PARTITIONS_TO_TXN,
  endTxn: END_TXN,
  produce: [PRODUCE_NAMING_RECORDS, PRODUCE],
};

/** The second part of KIP-890, Apache Kafka 4.0 and later: each transaction has an epoch of its own. */
export const TV2: TransactionProtocol = {
  name: 'TV2',
  addPartitions: null,
  endTxn: END_TXN_RAISING_EPOCH,
  produce: [PRODUCE_JOINING],
};

const NEEDED = [API_VERSIONS, PRODUCE_JOINING, END_TXN_RAISING_EPOCH, INIT_PRODUCER_ID_FLEXIBLE];
/** What a cluster must have agreed on for it: a broker of 4.0 serves the requests before that, too. */
const FEATURE = 'transaction.version';
const LEVEL = 2;

/**
 * What the cluster speaks now. It may be raised or lowered at any time; a producer goes on in what it was begun in. A first
 * transaction of the newer protocol under an epoch of the older would be taken for a part of the one before it by brokers
 * that have not yet written the end of that one.
 */
export async function transactionProtocol(
  connection: KafkaConnection,
  link: BrokerLink,
): Promise<TransactionProtocol> {
  if (!NEEDED.every((api) => link.serves(api))) return OLD_PROTOCOL;
  const doing = `Asking ${link.host}:${link.port} for the features of the cluster`;
  const { errorCode, features } = await connection.call(link, API_VERSIONS, null, doing);
  failOn(errorCode, doing);
  return (features.get(FEATURE) ?? 0) >= LEVEL ? TV2 : OLD_PROTOCOL;
}

/** What a broker is sent batches with. */
export function produceApi(
  { produce }: TransactionProtocol,
  leader: BrokerLink,
): Api<ProduceRequest, ProduceResponse> {
  return produce.find((api) => leader.serves(api)) ?? produce[0];
}
