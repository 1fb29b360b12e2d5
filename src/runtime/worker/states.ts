/**
 * What a connector or task is doing. Connect's states, and COMPLETED for a source that has come to its end.
 *
 * UNASSIGNED: not started yet, or another worker's. RUNNING: at work. PAUSED: told to wait, with all that it had committed. RESTARTING: failed for a reason that
 * may pass, and waiting for its next try; or told to begin once more. FAILED: needs a person. STOPPED: ended because it was told to. COMPLETED:
 * everything there was is delivered.
 */
export type TaskState =
  | 'UNASSIGNED'
  | 'RUNNING'
  | 'PAUSED'
  | 'RESTARTING'
  | 'FAILED'
  | 'STOPPED'
  | 'COMPLETED';

/** From each state, the states that may follow. */
export const TASK_TRANSITIONS: Readonly<Record<TaskState, readonly TaskState[]>> = {
  UNASSIGNED: ['RUNNING', 'PAUSED', 'RESTARTING', 'FAILED', 'STOPPED'],
  RUNNING: ['PAUSED', 'RESTARTING', 'FAILED', 'STOPPED', 'COMPLETED', 'UNASSIGNED'],
  PAUSED: ['RUNNING', 'FAILED', 'STOPPED', 'UNASSIGNED'],
  RESTARTING: ['RUNNING', 'PAUSED', 'RESTARTING', 'FAILED', 'STOPPED', 'UNASSIGNED'],
  FAILED: ['RESTARTING', 'STOPPED', 'UNASSIGNED'],
  STOPPED: ['RESTARTING'],
  COMPLETED: ['RESTARTING', 'STOPPED', 'UNASSIGNED'],
};

export function mayFollow(from: TaskState, to: TaskState): boolean {
  return TASK_TRANSITIONS[from].includes(to);
}
