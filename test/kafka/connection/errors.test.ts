import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, HeadraceError } from '../../../src/errors.ts';
import {
  fromKafkajs,
  gravest,
  ProtocolFailure,
  protocolError,
} from '../../../src/kafka/connection/errors.ts';
import { PROTOCOL_ERRORS } from '../../../src/kafka/protocol/error-codes.ts';

// The constructors take more than kafkajs's types tell.
const {
  KafkaJSConnectionError,
  KafkaJSProtocolError,
  KafkaJSRequestTimeoutError,
  KafkaJSSASLAuthenticationError,
} = createRequire(import.meta.url)('kafkajs/src/errors.js');

const DOING = 'Writing to topic "trades", partition 3';

describe('protocolError', () => {
  it.each([
    [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'TOPIC_INVALID', false],
    [6, 'NOT_LEADER_OR_FOLLOWER', 'KAFKA_UNAVAILABLE', true],
    [7, 'REQUEST_TIMED_OUT', 'KAFKA_UNAVAILABLE', true],
    [10, 'MESSAGE_TOO_LARGE', 'KAFKA_DENIED', false],
    [29, 'TOPIC_AUTHORIZATION_FAILED', 'KAFKA_DENIED', false],
    [31, 'CLUSTER_AUTHORIZATION_FAILED', 'KAFKA_DENIED', false],
    [47, 'INVALID_PRODUCER_EPOCH', 'KAFKA_FENCED', false],
    [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'KAFKA_DENIED', false],
    [90, 'PRODUCER_FENCED', 'KAFKA_FENCED', false],
    [4242, 'error code 4242', 'KAFKA_UNAVAILABLE', true],
  ])('makes of %i (%s) a %s', (errorCode, name, code, retriable) => {
    const error = protocolError(errorCode, DOING);
    expect(error).toMatchObject({ code, retriable, errorCode, errorName: name });
    expect(error.message).toContain(`${DOING} failed: Kafka answered ${name}`);
  });

  it('has a name, a known code and a sentence to mend for every entry of the table', () => {
    for (const [name, { code, mend }] of Object.entries(PROTOCOL_ERRORS)) {
      expect(name).toMatch(/^[A-Z_]+$/);
      expect(ERROR_CODES).toHaveProperty(code);
      expect(mend.length).toBeGreaterThan(20);
    }
  });

  it('repeats what the broker said', () => {
    expect(protocolError(40, DOING, 'Unknown topic config name').message).toContain(
      '(Unknown topic config name)',
    );
  });
});

describe('fromKafkajs', () => {
  const connection = new KafkaJSConnectionError('Connection timeout', { broker: 'h:1' });

  it.each([
    ['a connection error', connection, 'KAFKA_UNAVAILABLE', true],
    ['a request timeout', new KafkaJSRequestTimeoutError('timed out', {}), 'KAFKA_UNAVAILABLE', true],
    ['a wrong password', new KafkaJSSASLAuthenticationError('Authentication failed'), 'KAFKA_DENIED', false],
    [
      'a protocol error',
      new KafkaJSProtocolError({ type: 'TOPIC_AUTHORIZATION_FAILED', code: 29, message: 'no' } as never),
      'KAFKA_DENIED',
      false,
    ],
    [
      "a socket's error",
      Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      'KAFKA_UNAVAILABLE',
      true,
    ],
    [
      'a certificate that nobody vouches for',
      Object.assign(new Error('x'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      'KAFKA_DENIED',
      false,
    ],
  ])('knows %s', (_, thrown, code, retriable) => {
    const error = fromKafkajs(thrown, DOING);
    expect(error).toBeInstanceOf(HeadraceError);
    expect(error).toMatchObject({ code, retriable, message: expect.stringContaining(DOING) });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('leaves faults of the program and errors of its own as they are', () => {
    const fault = new TypeError('x is not a function');
    const own = protocolError(3, DOING);
    expect(fromKafkajs(fault, DOING)).toBe(fault);
    expect(fromKafkajs(own, DOING)).toBe(own);
    expect(own).toBeInstanceOf(ProtocolFailure);
  });
});

describe('gravest', () => {
  it('puts what a restart cannot mend first', () => {
    const [passing, final] = [protocolError(7, DOING), protocolError(29, DOING)];
    expect(gravest([passing, final])).toBe(final);
    expect(gravest([passing])).toBe(passing);
  });
});
