import { describe, expect, it } from 'vitest';
import { verifyProduced } from '../../../src/kafka/producer/produce-check.ts';

const sent = [0, 1].map((partition) => ({ topic: 't', partition, bytes: Buffer.alloc(0), count: 2 }));
const answer = (...partitions: [partition: number, errorCode: number, baseOffset: bigint][]) => ({
  throttleMs: 0,
  partitions: partitions.map(([partition, errorCode, baseOffset]) => ({
    topic: 't',
    partition,
    errorCode,
    baseOffset,
    recordErrors: [],
    message: null,
  })),
});

describe('verifyProduced', () => {
  it('tells what was acknowledged, in the order of sending', () => {
    expect(verifyProduced(sent, answer([1, 0, 7n], [0, 0, 0n]))).toEqual([
      { topic: 't', partition: 0, count: 2, baseOffset: 0n },
      { topic: 't', partition: 1, count: 2, baseOffset: 7n },
    ]);
  });

  it.each([
    ['passes over a partition', answer([0, 0, 5n]), 'KAFKA_UNAVAILABLE', /partition 1.*does not speak of it/],
    ['gives no offset', answer([0, 0, 5n], [1, 0, -1n]), 'KAFKA_UNAVAILABLE', /partition 1/],
    [
      'has an error',
      answer([0, 0, 5n], [1, 6, -1n]),
      'KAFKA_UNAVAILABLE',
      /partition 1.*NOT_LEADER_OR_FOLLOWER/,
    ],
    ['has a passing and a final error', answer([0, 6, -1n], [1, 29, -1n]), 'KAFKA_DENIED', /partition 1/],
  ])('throws when the answer %s', (_, given, code, message) => {
    expect(() => verifyProduced(sent, given)).toThrow(expect.objectContaining({ code }));
    expect(() => verifyProduced(sent, given)).toThrow(message);
  });
});
