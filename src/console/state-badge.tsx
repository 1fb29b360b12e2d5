const TONES: Readonly<Record<string, string>> = {
  RUNNING: 'good',
  COMPLETED: 'good',
  DELIVERED: 'good',
  READING: 'good',
  CAME: 'good',
  LATE: 'bad',
  TOO_SMALL: 'doubt',
  FAILED: 'bad',
  QUARANTINED: 'bad',
  RESTARTING: 'doubt',
  PAUSED: 'doubt',
  UNASSIGNED: 'doubt',
};

/** A state, by word and colour. */
export function StateBadge({ state }: { readonly state: string }) {
  return <span class={`badge ${TONES[state] ?? 'quiet'}`}>{state}</span>;
}
