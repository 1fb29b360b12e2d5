import { HeadraceError } from '../../src/plugin/index.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import type { RangeSource } from '../files/remote/range.ts';
import { MayPass } from '../files/remote/retrying.ts';
import { unreadable } from '../files/source-errors.ts';
import type { S3Calls } from './s3-calls.ts';
import { isConditionFailed, isGone, statusOf } from './s3-errors.ts';
import { etagOf } from './s3-object.ts';

export interface S3RangesOptions {
  readonly calls: S3Calls;
  readonly bucket: string;
  readonly found: FoundFile;
  readonly version: FileVersion;
  readonly payer: { readonly RequestPayer?: 'requester' };
}

/** Ranges of one version of an object. */
export class S3Ranges implements RangeSource {
  readonly #options: S3RangesOptions;

  constructor(options: S3RangesOptions) {
    this.#options = options;
  }

  async read(from: number, to: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { calls, bucket: Bucket, found, version, payer } = this.#options;
    const problem = `${JSON.stringify(found.path)} of s3://${Bucket} cannot be read at byte ${from}`;
    const condition = { IfMatch: etagOf(version), Range: `bytes=${from}-${to - 1}` };
    const object = { Bucket, Key: found.absolute, ...condition, ...payer };
    try {
      const answer = await calls.once(problem, (s3, options) => s3.getObject(object, options), signal);
      const body = answer.Body as AsyncIterable<Uint8Array> & { destroy(): void };
      const isAsked = answer.ContentRange?.startsWith(`bytes ${from}-`) ?? from === 0;
      if (isAsked) return body;
      body.destroy();
      throw rangeIgnored(problem, from);
    } catch (error) {
      if (error instanceof MayPass) throw error;
      throw this.#isReplaced(error) ? replaced(found) : calls.explained(problem, error);
    }
  }

  #isReplaced(error: unknown): boolean {
    return isConditionFailed(error) || isGone(error) || statusOf(error) === 416;
  }
}

/** A gateway of several may do it once and not again. */
function rangeIgnored(problem: string, from: number): MayPass {
  const what = `bytes from ${from} on were asked for, and others came`;
  const mend = 'what is between here and the bucket (a proxy, a gateway) must let the header Range pass';
  return new MayPass(what, { cause: unreadable(problem, mend, new Error(what)) });
}

/** SOURCE_CHANGED: another version has its name, or none. */
function replaced({ path }: FoundFile): HeadraceError {
  return new HeadraceError(
    'SOURCE_CHANGED',
    `${JSON.stringify(path)} was replaced or deleted while it was being read; what has its name now is read from its beginning`,
  );
}
