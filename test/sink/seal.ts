/** What a record batch is sealed with, where it is read and not sent. */
export const SEAL = {
  producerId: 1n,
  producerEpoch: 0,
  baseSequence: 0,
  transactional: true,
  compression: 'none',
} as const;
