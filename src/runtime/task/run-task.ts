import { Refusals } from '../../sink/refusals.ts';
import { Task, type TaskOutcome } from './task.ts';
import type { TaskEnvironment } from './task-environment.ts';

/**
 * Runs a task to its end. Where Kafka refuses rows, another goes on from the last commit without them, at once: each has
 * learned at least one row, or a smaller batch to look for it in, that those before it did not know. So it does where
 * somebody has moved or changed the dead-letter file, with a new one.
 */
export async function runTask(environment: Omit<TaskEnvironment, 'refusals'>): Promise<TaskOutcome> {
  const refusals = new Refusals();
  for (let { plan } = environment; ; plan = { ...plan, isRestart: true }) {
    const outcome = await new Task({ ...environment, plan, refusals }).run();
    if (outcome !== 'AGAIN') return outcome;
  }
}
