import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import type { PluginLog } from '../../src/plugin/index.ts';
import type { PutAwayOutcome } from '../files/file-store.ts';
import type { FileVersion } from '../files/file-version.ts';
import {
  type ByteRange,
  type NamedObject,
  type ObjectBucket,
  type ObjectInBucket,
  type ObjectPage,
  type PageStart,
  rangeIgnored,
} from '../files/remote/object-store.ts';
import { retrying } from '../files/remote/retrying.ts';
import { unreadable } from '../files/source-errors.ts';
import { type AzurePlace, azureFailure, codeOf, statusOf } from './azure-failures.ts';

/** So long nothing came from a service that was asked: it will not answer any more. */
const SILENCE_MS = 60_000;
/** Between looks at a copy that is under way. */
const COPY_LOOK_MS = 1000;

/** What is known of a blob. */
interface Blob extends ObjectInBucket {
  /** Where the service keeps it. */
  readonly md5: string | undefined;
  /** Of one that was made by a copy: the URL of what was copied, and what became of it. */
  readonly copySource: string | undefined;
  readonly copyStatus: string | undefined;
}

export interface AzureContainerOptions extends AzurePlace {
  readonly client: ContainerClient;
  readonly pageBlobs: number;
  readonly log: PluginLog;
}

/** A container of Azure Blob Storage. Versions are ETags. */
export class AzureContainer implements ObjectBucket {
  readonly startsWithNames = false;
  readonly #options: AzureContainerOptions;

  constructor(options: AzureContainerOptions) {
    this.#options = options;
  }

  url(name: string): string {
    return `az://${this.#options.container}/${name}`;
  }

  /** Names that stand for folders are not among the blobs. */
  async page(prefix: string, start: PageStart, signal: AbortSignal): Promise<ObjectPage> {
    const { client, pageBlobs } = this.#options;
    const from = start !== null && 'token' in start ? { continuationToken: start.token } : {};
    return this.#ask(`list ${this.url(prefix)}`, signal, async (abortSignal) => {
      const listing = client.listBlobsFlat({ prefix, includeMetadata: true, abortSignal });
      const { value } = await listing.byPage({ maxPageSize: pageBlobs, ...from }).next();
      const { segment, continuationToken } = value;
      const files = (segment.blobItems as BlobItem[]).filter((item) => !isFolder(item));
      const objects = files.map(({ name, properties }) => blobOf(name, properties));
      return { objects, nextToken: continuationToken || null };
    });
  }

  object(name: string, signal: AbortSignal): Promise<Blob | null> {
    return this.#ask(`look at ${this.url(name)}`, signal, async (abortSignal) => {
      try {
        return blobOf(name, await this.#client(name).getProperties({ abortSignal }));
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });
  }

  async range(
    { name, version }: NamedObject,
    { from, to }: ByteRange,
    abortSignal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array> | null> {
    try {
      const options = { abortSignal, conditions: { ifMatch: quoted(version) }, maxRetryRequests: 0 };
      const answer = await this.#client(name).download(from, to - from, options);
      const body = answer.readableStreamBody as Readable;
      // Whoever reads it is told; once nobody does, it must not end the thread.
      body.on('error', () => {});
      if (from === 0 || answer.contentRange?.startsWith(`bytes ${from}-`)) return body;
      body.destroy();
    } catch (error) {
      if (codeOf(error) === 'ConditionNotMet' || statusOf(error) === 404) return null;
      throw azureFailure(error, `read ${this.url(name)}`, this.#options);
    }
    throw rangeIgnored(this.url(name), from);
  }

  remove({ name, version }: NamedObject, signal: AbortSignal): Promise<PutAwayOutcome> {
    return this.#ask(`delete ${this.url(name)}`, signal, async (abortSignal) => {
      try {
        await this.#client(name).delete({ abortSignal, conditions: { ifMatch: quoted(version) } });
        return 'done';
      } catch (error) {
        if (statusOf(error) === 404) return 'done';
        if (codeOf(error) === 'ConditionNotMet') return 'replaced';
        throw error;
      }
    });
  }

  /** Waits for its end. */
  async copy(object: NamedObject, target: string, signal: AbortSignal): Promise<PutAwayOutcome | 'taken'> {
    const there = await this.#copied(target, signal);
    // What a copy leaves that the service gave up holds nothing.
    if (there !== null && !(there.copyStatus === 'failed' && this.#isMadeOf(there, object.name)))
      return 'taken';
    const begun = await this.#beginCopy(object, target, there, signal);
    // Which of its two conditions does not hold is not told.
    if (begun === 'refused') return (await this.object(target, signal)) === null ? 'replaced' : 'taken';
    if (begun === 'gone') return begun;
    const status = (await this.#copied(target, signal))?.copyStatus;
    if (status === 'success') return 'done';
    const problem = `could not copy ${this.url(object.name)} to ${this.url(target)}: the service gave it up (${status})`;
    throw unreadable(problem, 'it is tried again');
  }

  /** By its bytes, or what it was made of, and the time at which it was written. */
  async isCopy({ name, version }: NamedObject, target: string, signal: AbortSignal): Promise<boolean> {
    const [from, to] = await Promise.all([this.object(name, signal), this.#copied(target, signal)]);
    if (from === null || to === null || from.version.identity !== version.identity) return false;
    if (from.version.size !== to.version.size || to.version.mtimeNs < from.version.mtimeNs) return false;
    // Not every blob has a checksum.
    if (from.md5 !== undefined && to.md5 !== undefined) return from.md5 === to.md5;
    return to.copyStatus === 'success' && this.#isMadeOf(to, name);
  }

  async write(name: string, text: string, signal: AbortSignal): Promise<void> {
    await this.#ask(`write ${this.url(name)}`, signal, async (abortSignal) => {
      const options = { abortSignal, blobHTTPHeaders: { blobContentType: 'application/json' } };
      await this.#options.client.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), options);
    });
  }

  tag(
    { name, version }: NamedObject,
    tags: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<PutAwayOutcome> {
    return this.#ask(`tag ${this.url(name)}`, signal, async (abortSignal) => {
      const options = { abortSignal, conditions: { ifMatch: quoted(version) } };
      try {
        const { tags: there } = await this.#client(name).getTags(options);
        await this.#client(name).setTags({ ...there, ...tags }, options);
        return 'done';
      } catch (error) {
        if (statusOf(error) === 404) return 'gone';
        if (codeOf(error) === 'ConditionNotMet') return 'replaced';
        throw error;
      }
    });
  }

  isDenied(error: unknown): boolean {
    return statusOf((error as Error).cause) === 403;
  }

  /** Connections are the process's, and end by themselves. */
  close(): void {}

  /** @param over what has the name and may be replaced; null: nothing may have it */
  #beginCopy(
    { name, version }: NamedObject,
    target: string,
    over: Blob | null,
    signal: AbortSignal,
  ): Promise<'begun' | 'gone' | 'refused'> {
    const conditions = over === null ? { ifNoneMatch: '*' } : { ifMatch: quoted(over.version) };
    const what = `copy ${this.url(name)} to ${this.url(target)}`;
    return this.#ask(what, signal, async (abortSignal) => {
      const options = { abortSignal, conditions, sourceConditions: { ifMatch: quoted(version) } };
      try {
        await this.#client(target).beginCopyFromURL(this.#client(name).url, options);
        return 'begun';
      } catch (error) {
        if (statusOf(error) === 404) return 'gone';
        if (REFUSALS.includes(codeOf(error))) return 'refused';
        throw error;
      }
    });
  }

  /** A blob once no copy to it is under way; null when it is not there. */
  async #copied(name: string, signal: AbortSignal): Promise<Blob | null> {
    for (;;) {
      const blob = await this.object(name, signal);
      if (blob?.copyStatus !== 'pending') return blob;
      await sleep(COPY_LOOK_MS, undefined, { signal });
    }
  }

  /** Whether a blob was made by a copy of what has a name. */
  #isMadeOf({ copySource = '' }: Blob, name: string): boolean {
    return (
      URL.canParse(copySource) && new URL(copySource).pathname === new URL(this.#client(name).url).pathname
    );
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
): Blob {
  const { contentLength: size = 0, lastModified, etag = '', contentMD5, copySource, copyStatus } = properties;
  const version = {
    size,
    mtimeNs: BigInt(lastModified?.getTime() ?? 0) * 1_000_000n,
    // Some answers have it in quotes.
    identity: etag.replaceAll('"', ''),
    change: '',
  };
  const md5 = contentMD5 === undefined ? undefined : Buffer.from(contentMD5).toString('hex');
  return { name, version, md5, copySource, copyStatus };
}

function quoted({ identity }: FileVersion): string {
  return `"${identity}"`;
}
