import type { WorkerConfig } from '../../config/worker-config.ts';
import type { ClusterView } from '../../runtime/cluster/cluster-view.ts';
import type { ClientTls } from '../../tls/client-tls.ts';
import { SignedRequests } from '../doors/signed-requests.ts';
import { Forwarding } from './forwarding.ts';
import { GroupFigures, type GroupFiguresOptions } from './group-figures.ts';
import { GroupMembers } from './group-members.ts';
import { OtherWorkers } from './other-workers.ts';
import type { GroupPeers } from './tap-elsewhere.ts';

export interface OwnGroupOptions extends Pick<GroupFiguresOptions, 'workerId' | 'onReading'> {
  readonly worker: WorkerConfig;
  readonly cluster: ClusterView;
  /** What the listeners of this worker are made with; null where none is https. */
  readonly certificates: (() => ClientTls) | null;
}

/** What a worker's REST has of the group that it is a member of. */
export interface OwnGroup {
  readonly signed: SignedRequests;
  readonly forwarding: Forwarding;
  readonly peers: GroupPeers;
  readonly figures: GroupFigures;
}

export function ownGroup({ worker, cluster, certificates, ...options }: OwnGroupOptions): OwnGroup {
  const signed = new SignedRequests(() => cluster.sessionKeys);
  const others = new OtherWorkers({ signed, certificates });
  const peers = { others, members: new GroupMembers(worker) };
  const { groupId } = worker;
  return {
    ...{ signed, peers },
    forwarding: new Forwarding({ cluster, others }),
    figures: new GroupFigures({ ...peers, ...options, groupId }),
  };
}
