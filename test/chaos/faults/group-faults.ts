import { GroupTrial } from '../cluster/group-trial.ts';
import { ManyFeeds } from '../cluster/many-feeds.ts';
import type { Fault } from '../ground.ts';

export const GROUP_FAULTS: readonly Fault[] = [
  {
    name: 'cluster',
    doc: 'three workers of one group load feeds of folders and buckets: SIGKILL, SIGSTOP past the session, workers that come and are drained, SIGKILL of brokers',
    brokers: 3,
    minutes: 5,
    long: true,
    play: (ground) => GroupTrial.play(ground, { feeds: 6, buckets: 2 }),
  },
  {
    name: 'cluster-many',
    doc: '500 feeds without files on workers of one group: a fifth one comes, one is killed, one is drained',
    brokers: 3,
    long: true,
    play: (ground) => ManyFeeds.play(ground, { feeds: 500, workers: 5 }),
  },
];
