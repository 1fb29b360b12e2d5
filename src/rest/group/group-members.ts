import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../../config/worker-config.ts';
import { messageOf } from '../../errors.ts';
import { describeGroup, type MemberDescription, nameOf, tasksOf } from '../../kafka/group/describe-group.ts';
import { workerClient } from '../../runtime/worker/kafka-client-config.ts';
import { workerIdAt } from '../advertised-url.ts';
import type { GroupMemberKnown, GroupShown } from '../console/messages.ts';

/** Who looks at the console is not kept waiting for a coordinator that is slow. */
const PATIENCE_MS = 1_000;
/** What was told less than this ago is told again. */
const FRESH_MS = 1_500;

export interface GroupKnown extends Pick<GroupShown, 'isSharingOut' | 'trouble'> {
  readonly members: readonly GroupMemberKnown[];
}

/** Who is in a worker's group, asked of its coordinator when somebody looks, and no oftener than there is something new. */
export class GroupMembers {
  readonly #worker: WorkerConfig;
  #known: GroupKnown = { members: [], isSharingOut: true, trouble: null };
  /** By performance.now. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | null = null;

  constructor(worker: WorkerConfig) {
    this.#worker = worker;
  }

  /** What is known now, or in a moment. */
  async look(): Promise<GroupKnown> {
    if (performance.now() - this.#askedAt < FRESH_MS) return this.#known;
    this.#asking ??= this.#ask();
    await Promise.race([this.#asking, delay(PATIENCE_MS, undefined, { ref: false })]);
    return this.#known;
  }

  async #ask(): Promise<void> {
    try {
      const group = await describeGroup(
        workerClient(this.#worker, () => {}),
        this.#worker.groupId,
      );
      const members = (group?.members ?? []).flatMap(known);
      const isSharingOut = group?.state !== 'Stable';
      this.#known = {
        // While work is shared out the coordinator tells nothing of those who have joined again.
        members: isSharingOut && members.length === 0 ? this.#known.members : members.sort(byAddress),
        ...{ isSharingOut, trouble: null },
      };
    } catch (error) {
      this.#known = { ...this.#known, trouble: messageOf(error) };
    } finally {
      this.#askedAt = performance.now();
      this.#asking = null;
    }
  }
}

function byAddress(one: GroupMemberKnown, other: GroupMemberKnown): number {
  return one.workerId < other.workerId ? -1 : 1;
}

/** None of one that has told nothing yet. */
function known(member: MemberDescription): GroupMemberKnown[] {
  const { metadata, isLeader } = member;
  if (metadata === null) return [];
  return [
    {
      url: metadata.url,
      workerId: workerIdAt(metadata.url),
      name: nameOf(member),
      leads: isLeader,
      labels: Object.fromEntries(metadata.labels),
      tasks: tasksOf(member),
    },
  ];
}
