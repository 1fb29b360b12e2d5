import type { IncomingMessage } from 'node:http';
import type { PluginLog } from '../../src/plugin/index.ts';
import type { PutAwayOutcome, StoredFile } from '../files/file-store.ts';
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
import { GcsAnswer, type GcsPlace, gcsFailure } from './gcs-failures.ts';
import type { GcsRequest, GcsRequests } from './gcs-requests.ts';

/** Of an object's resource what is asked for (https://cloud.google.com/storage/docs/json_api/v1/objects#resource). */
interface Resource {
  readonly name: string;
  readonly size: string;
  readonly generation: string;
  readonly metageneration: string;
  /** When this generation was written. */
  readonly timeCreated: string;
  /** Base64, big-endian. */
  readonly crc32c?: string;
}

const FIELDS = 'name,size,generation,metageneration,timeCreated,crc32c';

interface Page {
  readonly items?: readonly Resource[];
  readonly nextPageToken?: string;
}

interface Rewrite {
  readonly done: boolean;
  readonly rewriteToken?: string;
}

export interface GcsBucketOptions extends GcsPlace {
  readonly requests: GcsRequests;
  readonly pageObjects: number;
  readonly log: PluginLog;
}

/** A bucket of Google Cloud Storage. Versions are generations. */
export class GcsBucket implements ObjectBucket {
  readonly startsWithNames = true;
  readonly #options: GcsBucketOptions;

  constructor(options: GcsBucketOptions) {
    this.#options = options;
  }

  url(name: string): string {
    return `gs://${this.#options.bucket}/${name}`;
  }

  async page(prefix: string, start: PageStart, signal: AbortSignal): Promise<ObjectPage> {
    const maxResults = String(this.#options.pageObjects);
    const query = { prefix, maxResults, fields: `items(${FIELDS}),nextPageToken`, ...startIn(start) };
    const request = { path: this.#path(), query };
    const { items = [], nextPageToken = null } = await this.#ask<Page>(
      `list ${this.url(prefix)}`,
      request,
      signal,
    );
    return { objects: items.map(objectOf), nextToken: nextPageToken };
  }

  async object(name: string, signal: AbortSignal): Promise<ObjectInBucket | null> {
    const request = { path: this.#path(name), query: { fields: FIELDS } };
    const found = this.#ask<Resource>(`look at ${this.url(name)}`, request, signal).then(objectOf);
    return await orOutcome(found, { 404: null });
  }

  async range(
    { name, version }: NamedObject,
    { from, to }: ByteRange,
    signal: AbortSignal,
  ): Promise<IncomingMessage | null> {
    const request: GcsRequest = {
      path: this.#path(name),
      query: { alt: 'media', generation: version.identity },
      // Without the first, an object that is stored compressed comes decompressed, and its ranges are not of its bytes.
      headers: { 'Accept-Encoding': 'gzip', Range: `bytes=${from}-${to - 1}` },
    };
    let response: IncomingMessage;
    try {
      response = await this.#options.requests.stream(request, signal);
    } catch (error) {
      if (error instanceof GcsAnswer && error.status === 404) return null;
      throw gcsFailure(error, `read ${this.url(name)}`, this.#options);
    }
    if (response.statusCode === 206 || from === 0) return response;
    response.destroy();
    throw rangeIgnored(this.url(name), from);
  }

  async remove({ name, version }: NamedObject, signal: AbortSignal): Promise<PutAwayOutcome> {
    const query = { ifGenerationMatch: version.identity };
    const request: GcsRequest = { method: 'DELETE', path: this.#path(name), query };
    const removed = this.#ask(`delete ${this.url(name)}`, request, signal).then(() => 'done' as const);
    return await orOutcome(removed, { 404: 'done', 412: 'replaced' });
  }

  async copy(object: NamedObject, target: string, signal: AbortSignal): Promise<PutAwayOutcome | 'taken'> {
    // Which of the two conditions of a copy does not hold is not told.
    if ((await this.object(target, signal)) !== null) return 'taken';
    const outcomes = { 404: 'gone', 412: 'refused' } as const;
    const copied = await orOutcome(this.#rewrite(object, target, signal), outcomes);
    if (copied === 'gone') return (await this.object(object.name, signal)) === null ? 'gone' : 'replaced';
    if (copied === 'refused') return (await this.object(target, signal)) === null ? 'replaced' : 'taken';
    return copied;
  }

  /** By its bytes, and the time at which it was written. */
  async isCopy({ name, version }: NamedObject, target: string, signal: AbortSignal): Promise<boolean> {
    const [from, to] = await Promise.all([this.object(name, signal), this.object(target, signal)]);
    if (from === null || to === null || from.version.identity !== version.identity) return false;
    const hasSameBytes = from.version.size === to.version.size && from.checksum?.value === to.checksum?.value;
    return hasSameBytes && to.version.mtimeNs >= from.version.mtimeNs;
  }

  async write(name: string, text: string, signal: AbortSignal): Promise<void> {
    const request: GcsRequest = {
      method: 'POST',
      path: `/upload${this.#path()}`,
      query: { uploadType: 'media', name },
      headers: { 'Content-Type': 'application/json' },
      body: text,
    };
    await this.#ask(`write ${this.url(name)}`, request, signal);
  }

  isDenied(error: unknown): boolean {
    return statusOf(error) === 403;
  }

  close(): void {
    this.#options.requests.close();
  }

  /** A large object takes several requests, each of which goes on where the one before it ended. */
  async #rewrite({ name, version }: NamedObject, target: string, signal: AbortSignal): Promise<'done'> {
    const generation = version.identity;
    const conditions = {
      ifGenerationMatch: '0',
      sourceGeneration: generation,
      ifSourceGenerationMatch: generation,
    };
    const path = `${this.#path(name)}/rewriteTo${this.#path(target).slice('/storage/v1'.length)}`;
    const what = `copy ${this.url(name)} to ${this.url(target)}`;
    let rewriteToken: string | undefined;
    for (;;) {
      const query = { ...conditions, rewriteToken, fields: 'done,rewriteToken' };
      const answer: Rewrite = await this.#ask<Rewrite>(what, { method: 'POST', path, query }, signal);
      if (answer.done) return 'done';
      rewriteToken = answer.rewriteToken;
    }
  }

  #ask<T>(what: string, request: GcsRequest, signal: AbortSignal): Promise<T> {
    const { requests, log } = this.#options;
    const attempt = async () => {
      try {
        return await requests.resource<T>(request, signal);
      } catch (error) {
        throw gcsFailure(error, what, this.#options);
      }
    };
    return retrying(what, attempt, { signal, log });
  }

  #path(name?: string): string {
    const objects = `/storage/v1/b/${encodeURIComponent(this.#options.bucket)}/o`;
    return name === undefined ? objects : `${objects}/${encodeURIComponent(name)}`;
  }
}

function startIn(start: PageStart): Readonly<Record<string, string>> {
  if (start === null) return {};
  return 'token' in start ? { pageToken: start.token } : { startOffset: start.name };
}

function objectOf({ name, size, generation, metageneration, timeCreated, crc32c }: Resource): ObjectInBucket {
  const version = {
    size: Number(size),
    mtimeNs: BigInt(Date.parse(timeCreated)) * 1_000_000n,
    identity: generation,
    change: metageneration,
  };
  return { name, version, checksum: checksumIn(crc32c) };
}

function checksumIn(crc32c: string | undefined): StoredFile['checksum'] {
  if (crc32c === undefined) return undefined;
  return { algorithm: 'crc32c', value: Buffer.from(crc32c, 'base64').readUInt32BE() };
}

/** What `act` gives, or what an answer with one of these statuses stands for. */
async function orOutcome<T, O>(act: Promise<T>, outcomes: Readonly<Record<number, O>>): Promise<T | O> {
  try {
    return await act;
  } catch (error) {
    const status = statusOf(error);
    if (status !== null && Object.hasOwn(outcomes, status)) return outcomes[status] as O;
    throw error;
  }
}

/** The status of the answer that an error tells of; null when it tells of none. */
function statusOf(error: unknown): number | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof GcsAnswer ? cause.status : null;
}
