import { GroupTrial } from '../cluster/group-trial.ts';
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
];
