import { HeadraceError, type PluginLog } from '../../src/plugin/index.ts';
import { isLastingAzure } from '../azure-blob/azure-failures.ts';
import { openAzure } from '../azure-blob/connection.ts';
import type { FileStore } from '../files/file-store.ts';
import { openGcs } from '../gcs/connection.ts';
import { isLastingGcs } from '../gcs/gcs-failures.ts';
import { openS3 } from '../s3/connection.ts';
import { mayPass } from '../s3/s3-errors.ts';
import { openSftp, type SftpPool } from '../sftp/connection.ts';
import { azureValues, type Connection, sftpValues } from './connections.ts';
import type { FileUrl } from './file-url.ts';

export interface PlaceOptions {
  readonly log: PluginLog;
  /** What names the place, for messages, as in `connector.class: s3`. */
  readonly wantedBy: string;
}

/** A bucket, container or server, opened when it is first needed. */
export class Place {
  readonly #url: FileUrl;
  readonly #connection: Connection;
  readonly #options: PlaceOptions;
  /** By the folder that is listed. */
  readonly #stores = new Map<string, Promise<FileStore>>();
  #pool: Promise<SftpPool> | null = null;

  constructor(url: FileUrl, connection: Connection, options: PlaceOptions) {
    this.#url = url;
    this.#connection = connection;
    this.#options = options;
  }

  /**
   * The store of a folder's files; with an empty name, of a server, that of files whose folder is not listed.
   *
   * @param name ends with a slash, or is empty
   * @throws HeadraceError CONFIG_INVALID when its SDK is not installed; what keeps it from being reached
   */
  async folder(name: string): Promise<FileStore> {
    const store = this.#stores.get(name) ?? this.#open(name);
    this.#stores.set(name, store);
    try {
      return await store;
    } catch (error) {
      this.#stores.delete(name);
      throw error;
    }
  }

  async close(): Promise<void> {
    const stores = await Promise.allSettled(this.#stores.values());
    await Promise.all(
      stores.map((store) => (store.status === 'fulfilled' ? store.value.close() : undefined)),
    );
    await this.#pool?.then((pool) => pool.close());
  }

  async #open(name: string): Promise<FileStore> {
    const { scheme, host, base } = this.#url;
    switch (scheme) {
      case 's3':
        return openS3(this.#connection, { bucket: host, prefix: name }, this.#options);
      case 'gs':
        return openGcs(this.#connection, { bucket: host, prefix: name }, this.#options);
      case 'az': {
        const values = azureValues(this.#connection, base);
        return openAzure(values, { container: host, prefix: name }, this.#options);
      }
      case 'sftp':
        return this.#openSftp(name);
    }
  }

  /** One login is for all folders. */
  async #openSftp(name: string): Promise<FileStore> {
    const { log } = this.#options;
    const [{ Listing }, { SftpStore }] = await Promise.all([
      import('../sftp/listing.ts'),
      import('../sftp/sftp-store.ts'),
    ]);
    this.#pool ??= openSftp(sftpValues(this.#connection, this.#url), log);
    this.#pool.catch(() => {
      this.#pool = null;
    });
    const pool = await this.#pool;
    const listing = new Listing({ pool, inputPath: name || '/', excluded: [], log });
    if (name !== '') await listing.requireRoot(NEVER);
    return new SftpStore(pool, listing);
  }
}

const NEVER = new AbortController().signal;

/**
 * What a store throws that was asked for somebody who waits. What a daemon waits for to be mended, as a bucket that is not
 * there, is a mistake to him: trying again is for what may pass by itself.
 */
export function forWhoeverWaits(error: unknown): unknown {
  if (!(error instanceof HeadraceError) || !isLasting(error.cause)) return error;
  return new HeadraceError(error.code, error.message, { cause: error.cause, retriable: false });
}

function isLasting(cause: unknown): boolean {
  return (isAnswerOfS3(cause) && !mayPass(cause)) || isLastingGcs(cause) || isLastingAzure(cause);
}

function isAnswerOfS3(cause: unknown): boolean {
  const { $metadata, name } = (cause ?? {}) as { $metadata?: unknown; name?: unknown };
  return $metadata !== undefined || name === 'CredentialsProviderError';
}
