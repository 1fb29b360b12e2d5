import type { IncomingMessage } from 'node:http';
import type { PluginLog } from '../../src/plugin/index.ts';
import { retrying } from '../files/remote/retrying.ts';
import { type GcsPlace, gcsFailure } from './gcs-failures.ts';
import { GcsAnswer, type GcsRequest, type GcsRequests } from './gcs-requests.ts';

/** Of an object's resource what is asked for (https://cloud.google.com/storage/docs/json_api/v1/objects#resource). */
export interface GcsObject {
  readonly name: string;
  readonly size: string;
  readonly generation: string;
  readonly metageneration: string;
  /** When this generation was written. */
  readonly timeCreated: string;
  /** Base64, big-endian. */
  readonly crc32c?: string;
}

const OBJECT_FIELDS = 'name,size,generation,metageneration,timeCreated,crc32c';

export interface GcsPage {
  readonly items?: readonly GcsObject[];
  readonly nextPageToken?: string;
}

/** Where a page begins: not set, with the first name. */
export type GcsPageStart = { readonly pageToken: string } | { readonly startOffset: string } | null;

interface Rewrite {
  readonly done: boolean;
  readonly rewriteToken?: string;
}

export interface GcsBucketOptions extends GcsPlace {
  readonly requests: GcsRequests;
  readonly pageObjects: number;
  readonly log: PluginLog;
}

/** What a bucket is asked. What may pass is tried again; everything else is thrown as a HeadraceError. */
export class GcsBucket {
  readonly #options: GcsBucketOptions;

  constructor(options: GcsBucketOptions) {
    this.#options = options;
  }

  page(prefix: string, start: GcsPageStart, signal: AbortSignal): Promise<GcsPage> {
    const maxResults = String(this.#options.pageObjects);
    const query = { prefix, maxResults, fields: `items(${OBJECT_FIELDS}),nextPageToken`, ...start };
    return this.#ask<GcsPage>(`list ${this.url(prefix)}`, { path: this.#path(), query }, signal);
  }

  /** null when it is not there. */
  async object(name: string, signal: AbortSignal): Promise<GcsObject | null> {
    const request = { path: this.#path(name), query: { fields: OBJECT_FIELDS } };
    return this.#orOutcome(this.#ask<GcsObject>(`look at ${this.url(name)}`, request, signal), { 404: null });
  }

  /** Bytes `from` up to, not including, `to` of one generation, as they are stored; null when it is not there. Asked for once. */
  async range(
    { name, generation }: Pick<GcsObject, 'name' | 'generation'>,
    { from, to }: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<IncomingMessage | null> {
    const request: GcsRequest = {
      path: this.#path(name),
      query: { alt: 'media', generation },
      // Without the first, an object that is stored compressed comes decompressed, and its ranges are not of its bytes.
      headers: { 'Accept-Encoding': 'gzip', Range: `bytes=${from}-${to - 1}` },
    };
    try {
      return await this.#options.requests.stream(request, signal);
    } catch (error) {
      if (error instanceof GcsAnswer && error.status === 404) return null;
      throw gcsFailure(error, `read ${this.url(name)}`, this.#options);
    }
  }

  /** Removes a generation; `refused` when another one has its place. */
  remove(name: string, generation: string, signal: AbortSignal): Promise<'done' | 'gone' | 'refused'> {
    const request: GcsRequest = {
      method: 'DELETE',
      path: this.#path(name),
      query: { ifGenerationMatch: generation },
    };
    const removed = this.#ask(`delete ${this.url(name)}`, request, signal).then(() => 'done' as const);
    return this.#orOutcome(removed, { 404: 'gone', 412: 'refused' });
  }

  /** Copies a generation to a name that nothing has; `refused` when it is taken, or another generation is there. */
  copy(
    name: string,
    generation: string,
    target: string,
    signal: AbortSignal,
  ): Promise<'done' | 'gone' | 'refused'> {
    return this.#orOutcome(this.#rewrite(name, generation, target, signal), { 404: 'gone', 412: 'refused' });
  }

  async write(name: string, text: string, signal: AbortSignal): Promise<void> {
    const request: GcsRequest = {
      method: 'POST',
      path: `/upload${this.#path()}`,
      query: { uploadType: 'media', name },
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: text,
    };
    await this.#ask(`write ${this.url(name)}`, request, signal);
  }

  url(name: string): string {
    return `gs://${this.#options.bucket}/${name}`;
  }

  close(): void {
    this.#options.requests.close();
  }

  /** A large object takes several requests, each of which goes on where the one before it ended. */
  async #rewrite(name: string, generation: string, target: string, signal: AbortSignal): Promise<'done'> {
    const conditions = {
      ifGenerationMatch: '0',
      sourceGeneration: generation,
      ifSourceGenerationMatch: generation,
    };
    const fields = 'done,rewriteToken';
    const path = `${this.#path(name)}/rewriteTo${this.#path(target).slice('/storage/v1'.length)}`;
    const what = `copy ${this.url(name)} to ${this.url(target)}`;
    let rewriteToken: string | undefined;
    for (;;) {
      const query = { ...conditions, rewriteToken, fields };
      const answer: Rewrite = await this.#ask<Rewrite>(what, { method: 'POST', path, query }, signal);
      if (answer.done) return 'done';
      rewriteToken = answer.rewriteToken;
    }
  }

  async #orOutcome<T, O>(act: Promise<T>, outcomes: Readonly<Record<number, O>>): Promise<T | O> {
    try {
      return await act;
    } catch (error) {
      const status = statusOf(error);
      if (status !== null && Object.hasOwn(outcomes, status)) return outcomes[status] as O;
      throw error;
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

/** The status of the answer that an error tells of; null when it tells of none. */
export function statusOf(error: unknown): number | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof GcsAnswer ? cause.status : null;
}
