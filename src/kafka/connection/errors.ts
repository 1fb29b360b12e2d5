import { type ErrorCode, HeadraceError, messageOf } from '../../errors.ts';
import { type CertificateTrouble, certificateTrouble } from '../../tls/certificate-trouble.ts';
import { describeProtocolError } from '../protocol/error-codes.ts';

/** An error that a broker answered with. */
export class ProtocolFailure extends HeadraceError {
  /** The code in Kafka's protocol. */
  readonly errorCode: number;
  /** Kafka's name of the code. */
  readonly errorName: string;

  constructor(errorCode: number, errorName: string, code: ErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
    this.errorCode = errorCode;
    this.errorName = errorName;
  }
}

/**
 * The error for a code that a broker answered with.
 *
 * @param doing what was attempted and on what, as a sentence begins: `Writing to topic "trades", partition 3`
 * @param detail what the broker said beside the code, if anything
 */
export function protocolError(
  errorCode: number,
  doing: string,
  detail?: string | null,
  cause?: unknown,
): ProtocolFailure {
  const { name, code, mend } = describeProtocolError(errorCode);
  const said = detail ? ` (${detail})` : '';
  return new ProtocolFailure(
    errorCode,
    name,
    code,
    `${doing} failed: Kafka answered ${name}${said}. ${mend}`,
    cause,
  );
}

/** Throws the error for a code other than 0. */
export function failOn(errorCode: number, doing: string, detail?: string | null): void {
  if (errorCode !== 0) throw protocolError(errorCode, doing, detail);
}

/** The fields that errors of kafkajs and of Node's sockets carry, which are not all declared. */
interface ForeignError extends Error {
  readonly code?: string | number;
  readonly broker?: string;
}

/**
 * Turns what kafkajs or a socket threw into a HeadraceError. A HeadraceError stays as it is; so does what is
 * neither, such as a TypeError, since that is a fault of the program.
 */
export function fromKafkajs(thrown: unknown, doing: string): unknown {
  if (thrown instanceof HeadraceError || !(thrown instanceof Error)) return thrown;
  const error = thrown as ForeignError;
  if (typeof error.code === 'number' && error.name.startsWith('KafkaJS')) {
    return protocolError(error.code, doing, undefined, error);
  }
  if (error.name === 'KafkaJSSASLAuthenticationError') {
    const mend = 'See that sasl.mechanism and sasl.jaas.config fit what the broker knows.';
    return new HeadraceError('KAFKA_DENIED', `${doing} failed: ${error.message}. ${mend}`, { cause: error });
  }
  const trouble = certificateTrouble(error);
  if (trouble !== null) {
    const message = `${doing} failed: ${certificateMessage(trouble)}`;
    return new HeadraceError('KAFKA_DENIED', message, { cause: error });
  }
  if (error.name.startsWith('KafkaJS') || error.name === 'TimeoutError' || typeof error.code === 'string') {
    const from = error.broker === undefined ? '' : ` (broker ${error.broker})`;
    return new HeadraceError('KAFKA_UNAVAILABLE', `${doing} failed: ${oneLine(error.message)}${from}.`, {
      cause: error,
    });
  }
  return error;
}

function certificateMessage({ of, reason }: CertificateTrouble): string {
  if (of === 'client') {
    return `the broker refused the certificate of this client, or its absence (${reason}). See that ssl.keystore.location holds a certificate that is valid, and of an authority that the broker trusts.`;
  }
  if (of === 'host') {
    return `${reason}. Name the broker in bootstrap.servers, and the broker itself in advertised.listeners, as its certificate does.`;
  }
  return `${reason}. See that ssl.truststore.location holds the authority that signed the certificate of the broker.`;
}

/** OpenSSL tells where in its sources it gave up, and ends the line. */
export function oneLine(message: string): string {
  return message.trim().replace(/[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):.*$/s, '$1');
}

/** The error of a Kafka that cannot be reached at all. */
export function unreachable(bootstrapServers: string, attempts: readonly string[]): HeadraceError {
  return new HeadraceError(
    'KAFKA_UNAVAILABLE',
    `Kafka cannot be reached: none of bootstrap.servers "${bootstrapServers}" answered. ${attempts.join('; ')}. See that the brokers are up, the address is right, and security.protocol is that of the listener.`,
  );
}

/** Whether it is that the broker ended the connection. */
export function wasClosed(error: unknown): error is HeadraceError {
  const { cause } = error as { cause?: Error };
  return error instanceof HeadraceError && cause?.name === 'KafkaJSConnectionClosedError';
}

/** The error of a broker that takes the connection of somebody who does not log in, and ends it at the first request. */
export function notLetIn(
  { bootstrapServers }: { readonly bootstrapServers: string },
  cause: HeadraceError,
): HeadraceError {
  return new HeadraceError(
    'KAFKA_UNAVAILABLE',
    `Kafka at "${bootstrapServers}" took the connection and ended it at the first request, as a listener does that wants a login. See that security.protocol is that of the listener.`,
    { cause },
  );
}

/** The first of many errors to report: one that a restart cannot mend before one that it can. */
export function gravest(errors: readonly unknown[]): unknown {
  return errors.find((error) => !(error instanceof HeadraceError && error.retriable)) ?? errors[0];
}

/** A sentence's part that names a partition. */
export function partitionName(topic: string, partition: number): string {
  return `topic "${topic}", partition ${partition}`;
}

/** The text of an error and of the errors below it, each once. */
export function reasonOf(thrown: unknown): string {
  return messageOf(thrown).replace(/\.$/, '');
}
