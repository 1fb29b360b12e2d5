import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import type { PluginLog } from '../../src/plugin/index.ts';
import { MayPass, retrying } from '../files/remote/retrying.ts';
import { unreadable } from '../files/source-errors.ts';
import { type AzurePlace, azureFailure, codeOf, statusOf } from './azure-failures.ts';

/** So long nothing came from a service that was asked: it will not answer any more. */
const SILENCE_MS = 60_000;
/** Between looks at a copy that is under way. */
const COPY_LOOK_MS = 1000;

/** What is known of a blob. */
export interface AzureBlob {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /** Without quotes, which it has in some answers. */
  readonly etag: string;
  /** Where the service keeps it. */
  readonly md5?: string | undefined;
  /** Of one that was made by a copy: the URL of what was copied, and what became of it. */
  readonly copySource?: string | undefined;
  readonly copyStatus?: string | undefined;
}

export interface AzurePage {
  readonly blobs: readonly AzureBlob[];
  readonly next: string | undefined;
}

export interface AzureContainerOptions extends AzurePlace {
  readonly client: ContainerClient;
  readonly pageBlobs: number;
  readonly log: PluginLog;
}

/** What a container is asked. What may pass is tried again; everything else is thrown as a HeadraceError. */
export class AzureContainer {
  readonly #options: AzureContainerOptions;

  constructor(options: AzureContainerOptions) {
    this.#options = options;
  }

  /** Names that stand for folders are not among the blobs. */
  async page(prefix: string, start: string | undefined, signal: AbortSignal): Promise<AzurePage> {
    const { client, pageBlobs } = this.#options;
    const settings = { maxPageSize: pageBlobs, ...(start === undefined ? {} : { continuationToken: start }) };
    return this.#ask(`list ${this.url(prefix)}`, signal, async (abortSignal) => {
      const pages = client.listBlobsFlat({ prefix, includeMetadata: true, abortSignal }).byPage(settings);
      const { value } = await pages.next();
      const { segment, continuationToken } = value;
      const files = (segment.blobItems as BlobItem[]).filter((item) => !isFolder(item));
      const blobs = files.map(({ name, properties }) => blobOf(name, properties));
      return { blobs, next: continuationToken === '' ? undefined : continuationToken };
    });
  }

  /** null when it is not there. */
  blob(name: string, signal: AbortSignal): Promise<AzureBlob | null> {
    return this.#ask(`look at ${this.url(name)}`, signal, async (abortSignal) => {
      try {
        return blobOf(name, await this.#client(name).getProperties({ abortSignal }));
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });
  }

  /** Bytes `from` up to, not including, `to` of one version, as they are stored; null when it is not there. Asked for once. */
  async range(
    { name, etag }: AzureBlob,
    { from, to }: { readonly from: number; readonly to: number },
    abortSignal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array> | null> {
    const what = `read ${this.url(name)}`;
    try {
      const options = { abortSignal, conditions: { ifMatch: quoted(etag) }, maxRetryRequests: 0 };
      const answer = await this.#client(name).download(from, to - from, options);
      const body = answer.readableStreamBody as Readable;
      // Whoever reads it is told; once nobody does, it must not end the thread.
      body.on('error', () => {});
      if (from === 0 || answer.contentRange?.startsWith(`bytes ${from}-`)) return body;
      body.destroy();
    } catch (error) {
      if (codeOf(error) === 'ConditionNotMet' || statusOf(error) === 404) return null;
      throw azureFailure(error, what, this.#options);
    }
    const mend = 'let no proxy take the header Range away';
    const problem = `could not ${what} from byte ${from}: it came from its beginning`;
    // One of several proxies may do it, and the next one not.
    throw new MayPass(problem, { cause: unreadable(problem, mend) });
  }

  /** Removes a version; `refused` when another one has its place. */
  remove(
    { name, etag }: Pick<AzureBlob, 'name' | 'etag'>,
    signal: AbortSignal,
  ): Promise<'done' | 'gone' | 'refused'> {
    return this.#ask(`delete ${this.url(name)}`, signal, async (abortSignal) => {
      try {
        await this.#client(name).delete({ abortSignal, conditions: { ifMatch: quoted(etag) } });
        return 'done';
      } catch (error) {
        if (statusOf(error) === 404) return 'gone';
        if (codeOf(error) === 'ConditionNotMet') return 'refused';
        throw error;
      }
    });
  }

  /**
   * Copies a version to a name, in the service, and waits for its end.
   *
   * @param over what has the name and may be replaced; null: nothing may have it
   * @returns `refused` when the name is taken, or another version is there
   */
  async copy(
    from: Pick<AzureBlob, 'name' | 'etag'>,
    target: string,
    over: AzureBlob | null,
    signal: AbortSignal,
  ): Promise<'done' | 'gone' | 'refused'> {
    const what = `copy ${this.url(from.name)} to ${this.url(target)}`;
    const conditions = over === null ? { ifNoneMatch: '*' } : { ifMatch: quoted(over.etag) };
    const begun = await this.#ask(what, signal, async (abortSignal) => {
      const options = { abortSignal, conditions, sourceConditions: { ifMatch: quoted(from.etag) } };
      try {
        await this.#client(target).beginCopyFromURL(this.#client(from.name).url, options);
        return 'begun';
      } catch (error) {
        if (statusOf(error) === 404) return 'gone';
        if (REFUSALS.includes(codeOf(error))) return 'refused';
        throw error;
      }
    });
    if (begun !== 'begun') return begun;
    const copy = await this.copied(target, signal);
    if (copy?.copyStatus === 'success') return 'done';
    throw unreadable(
      `could not ${what}: the service gave it up (${copy?.copyStatus ?? 'gone'})`,
      'it is tried again',
    );
  }

  /** A blob once no copy to it is under way; null when it is not there. */
  async copied(name: string, signal: AbortSignal): Promise<AzureBlob | null> {
    for (;;) {
      const blob = await this.blob(name, signal);
      if (blob?.copyStatus !== 'pending') return blob;
      await sleep(COPY_LOOK_MS, undefined, { signal });
    }
  }

  async write(name: string, text: string, signal: AbortSignal): Promise<void> {
    await this.#ask(`write ${this.url(name)}`, signal, async (abortSignal) => {
      const options = { abortSignal, blobHTTPHeaders: { blobContentType: 'text/plain; charset=utf-8' } };
      await this.#options.client.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), options);
    });
  }

  /** Puts tags on a version, beside those that it has; `refused` when another version has its place. */
  tag(
    { name, etag }: Pick<AzureBlob, 'name' | 'etag'>,
    tags: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<'done' | 'gone' | 'refused'> {
    return this.#ask(`tag ${this.url(name)}`, signal, async (abortSignal) => {
      const options = { abortSignal, conditions: { ifMatch: quoted(etag) } };
      try {
        const { tags: there } = await this.#client(name).getTags(options);
        await this.#client(name).setTags({ ...there, ...tags }, options);
        return 'done';
      } catch (error) {
        if (statusOf(error) === 404) return 'gone';
        if (codeOf(error) === 'ConditionNotMet') return 'refused';
        throw error;
      }
    });
  }

  /** Whether one blob was made by a copy of what has a name. */
  isCopyOf({ copySource = '' }: AzureBlob, name: string): boolean {
    return (
      URL.canParse(copySource) && new URL(copySource).pathname === new URL(this.#client(name).url).pathname
    );
  }

  url(name: string): string {
    return `az://${this.#options.container}/${name}`;
  }

  #client(name: string) {
    return this.#options.client.getBlobClient(name);
  }

  #ask<T>(what: string, signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const attempt = async () => {
      const silence = AbortSignal.timeout(SILENCE_MS);
      try {
        return await act(AbortSignal.any([signal, silence]));
      } catch (error) {
        throw azureFailure(silence.aborted ? silence.reason : error, what, this.#options);
      }
    };
    return retrying(what, attempt, { signal, log: this.#options.log });
  }
}

/** One of both conditions of a copy does not hold. */
const REFUSALS = ['BlobAlreadyExists', 'ConditionNotMet', 'SourceConditionNotMet', 'TargetConditionNotMet'];

/** What stands for a folder, where names are made of folders. */
function isFolder({ name, metadata }: BlobItem): boolean {
  return name.endsWith('/') || metadata?.hdi_isfolder === 'true';
}

function blobOf(
  name: string,
  properties: {
    readonly contentLength?: number;
    readonly lastModified?: Date;
    readonly etag?: string;
    readonly contentMD5?: Uint8Array;
    readonly copySource?: string;
    readonly copyStatus?: string;
  },
): AzureBlob {
  const { contentLength: size = 0, lastModified = new Date(0), etag = '', contentMD5 } = properties;
  const md5 = contentMD5 === undefined ? undefined : Buffer.from(contentMD5).toString('hex');
  const { copySource, copyStatus } = properties;
  return { name, size, lastModified, etag: etag.replaceAll('"', ''), md5, copySource, copyStatus };
}

function quoted(etag: string): string {
  return `"${etag}"`;
}
