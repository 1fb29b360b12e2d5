import type { Fault } from '../ground.ts';
import { ARRIVAL_FAULTS } from './arrival-faults.ts';
import { BROKER_FAULTS } from './broker-faults.ts';
import { CLUSTER_CHANGE_FAULTS } from './cluster-change-faults.ts';
import { DISK_FAULTS } from './disk-faults.ts';
import { DROP_FOLDER_FAULTS } from './drop-folder-faults.ts';
import { EPOCH_FAULTS } from './epoch-faults.ts';
import { FENCING_FAULTS } from './fencing-faults.ts';
import { FOLDER_FAULTS } from './folder-faults.ts';
import { GROUP_FAULTS } from './group-faults.ts';
import { KILL_FAULTS } from './kill-faults.ts';
import { LETTER_FAULTS } from './letter-faults.ts';
import { LONG_CELL_FAULTS } from './long-cell-faults.ts';
import { OFFSET_TOPIC_FAULTS } from './offset-topic-faults.ts';
import { PROCESS_FAULTS } from './process-faults.ts';
import { PROXY_FAULTS } from './proxy-faults.ts';
import { REFUSAL_FAULTS } from './refusal-faults.ts';
import { REGISTRY_FAULTS } from './registry-faults.ts';
import { REST_FAULTS } from './rest-faults.ts';
import { SFTP_FAULTS } from './sftp-faults.ts';
import { STORE_KILL_FAULTS } from './store-kill-faults.ts';
import { STORE_OBJECT_FAULTS } from './store-object-faults.ts';
import { STORE_SERVER_FAULTS } from './store-server-faults.ts';
import { TOPIC_CHANGE_FAULTS } from './topic-change-faults.ts';
import { UPLOAD_FAULTS } from './upload-faults.ts';

/** Every fault, by the families in which docs/reliability.md tells of them. */
export const FAULTS: readonly Fault[] = [
  ...KILL_FAULTS,
  ...PROCESS_FAULTS,
  ...FENCING_FAULTS,
  ...EPOCH_FAULTS,
  ...OFFSET_TOPIC_FAULTS,
  ...PROXY_FAULTS,
  ...BROKER_FAULTS,
  ...FOLDER_FAULTS,
  ...DROP_FOLDER_FAULTS,
  ...UPLOAD_FAULTS,
  ...ARRIVAL_FAULTS,
  ...DISK_FAULTS,
  ...LETTER_FAULTS,
  ...REGISTRY_FAULTS,
  ...CLUSTER_CHANGE_FAULTS,
  ...TOPIC_CHANGE_FAULTS,
  ...REFUSAL_FAULTS,
  ...LONG_CELL_FAULTS,
  ...STORE_KILL_FAULTS,
  ...STORE_SERVER_FAULTS,
  ...STORE_OBJECT_FAULTS,
  ...SFTP_FAULTS,
  ...REST_FAULTS,
  ...GROUP_FAULTS,
];
