import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import type { HeadraceError } from '../../../src/errors.ts';
import type { KafkaClient } from '../../../src/kafka/connection/client.ts';
import { workerClient } from '../../../src/runtime/worker/kafka-client-config.ts';
import { type Authority, authorityOf, type Certificate } from '../../support/certificates.ts';
import { AUTHORITY, type SharedGuardedKafka } from '../../support/guarded-kafka.ts';
import type { SigningKey } from '../../support/signed-tokens.ts';
import { sharedServer } from '../../support/stack.ts';

type Listener = keyof SharedGuardedKafka['address'];
type Options = Readonly<Record<string, string>>;

/** A folder with the files of a worker, and the broker that wants to know who comes. */
export class GuardedClients {
  readonly authority: Authority;
  /** Of the tokens that the listener SIGNED takes. */
  readonly signingKey: SigningKey;
  readonly #address: SharedGuardedKafka['address'];
  readonly #folder = mkdtempSync(join(tmpdir(), 'headrace-guarded-'));

  private constructor({ authority, signingKey, address }: SharedGuardedKafka) {
    this.authority = authorityOf(AUTHORITY, authority);
    this.signingKey = signingKey;
    this.#address = address;
    this.put('ca.pem', authority.certificate);
  }

  static async open(): Promise<GuardedClients> {
    return new GuardedClients(await sharedServer<SharedGuardedKafka>('guardedKafka'));
  }

  put(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }

  remove(name: string): void {
    rmSync(join(this.#folder, name));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** A client as a worker with these options has it. */
  client(listener: Listener, options: Options, log: KafkaClient['log'] = () => {}): KafkaClient {
    const flat = { 'bootstrap.servers': this.#address[listener], ...options };
    const { config, problems } = parseWorkerConfig(entriesOf(flat, 'worker.yaml', this.#folder), {});
    expect(problems).toEqual([]);
    return workerClient(config as WorkerConfig, log);
  }

  /** What becomes of the first request of such a client. */
  ask(listener: Listener, options: Options): Promise<'let in' | HeadraceError> {
    return asked(this.client(listener, options));
  }
}

export async function asked(client: KafkaClient): Promise<'let in' | HeadraceError> {
  try {
    const connection = await client.connect();
    await connection.close();
    return 'let in';
  } catch (error) {
    return error as HeadraceError;
  }
}

/** Key and certificate in one file, as `ssl.keystore.location` names it. */
export function own({ key, certificate }: Certificate): string {
  return key + certificate;
}
