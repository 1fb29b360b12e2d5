/**
 * What a connector or task is doing. Connect's states, and COMPLETED for a source that has come to its end.
 *
 * UNASSIGNED: not started yet. RUNNING: at work. PAUSED: told to wait, with all that it had committed. RESTARTING: failed for a reason that
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
  RUNNING: ['PAUSED', 'RESTARTING', 'FAILED', 'STOPPED', 'COMPLETED'],
  PAUSED: ['RUNNING', 'FAILED', 'STOPPED'],
  RESTARTING: ['RUNNING', 'PAUSED', 'RESTARTING', 'FAILED', 'STOPPED'],
  FAILED: ['RESTARTING', 'STOPPED'],
  STOPPED: ['RESTARTING'],
  COMPLETED: ['RESTARTING', 'STOPPED'],
};

export function mayFollow(from: TaskState, to: TaskState): boolean {
  return TASK_TRANSITIONS[from].includes(to);
}
