import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { MayPass } from '../files/remote/retrying.ts';
import { unreadable } from '../files/source-errors.ts';
import type { Hop } from './hop.ts';

/** What one request may read from any server (draft-ietf-secsh-filexfer-02, 3), as far as ssh2 asks for it at once. */
const LEAST_REQUEST_BYTES = 31 * 1024;

/** How often is looked whether the server still answers, and how long it may be silent. */
const LOOK_MS = 5_000;
const SILENCE_MS = 60_000;

/** What a server answers instead of what was asked for (draft-ietf-secsh-filexfer-02, 7). */
export const STATUS = {
  EOF: 1,
  NO_SUCH_FILE: 2,
  PERMISSION_DENIED: 3,
  FAILURE: 4,
  BAD_MESSAGE: 5,
  /** From later versions, which some servers answer all the same. */
  FILE_ALREADY_EXISTS: 11,
} as const;

type Done<T> = (error: Error | null | undefined, value?: T) => void;

/** The server's answer; undefined for anything else that was thrown. */
export function statusOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return error instanceof Error && typeof code === 'number' ? code : undefined;
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === STATUS.NO_SUCH_FILE;
}

/**
 * The calls of SFTP on one connection, with promises. What the server answers to a call that it does not do is thrown as it
 * is (`statusOf`); when the connection is lost, each call under way throws a MayPass, and so does each further one.
 */
export class SftpSession {
  readonly #name: string;
  readonly #sftp: SFTPWrapper;
  readonly #hops: readonly Hop[];
  /** Bytes that one request reads: ssh2 knows what the server allows, OpenSSH eight times as much as others. */
  readonly requestBytes: number;
  readonly #pending = new Set<(error: Error) => void>();
  readonly #timer: NodeJS.Timeout;
  #answeredAt = 0;
  #loss: MayPass | null = null;

  /** @param hops that of `sftp`, then that which it goes through */
  constructor(name: string, sftp: SFTPWrapper, hops: readonly Hop[]) {
    this.#name = name;
    this.#sftp = sftp;
    this.#hops = hops;
    const { _maxReadLen } = sftp as { _maxReadLen?: unknown };
    this.requestBytes =
      typeof _maxReadLen === 'number' ? Math.max(_maxReadLen, LEAST_REQUEST_BYTES) : LEAST_REQUEST_BYTES;
    for (const { client } of hops) client.on('close', () => this.#lose('closed the connection'));
    sftp.on('close', () => this.#lose('ended SFTP'));
    sftp.on('error', (error: Error) => this.#lose('broke off SFTP', error));
    this.#timer = setInterval(() => this.#requireAnswers(), LOOK_MS).unref();
  }

  get isLost(): boolean {
    return this.#loss !== null;
  }

  /** Follows no link. */
  lstat(path: string): Promise<Stats> {
    return this.#call((done) => this.#sftp.lstat(path, done));
  }

  stat(path: string): Promise<Stats> {
    return this.#call((done) => this.#sftp.stat(path, done));
  }

  fstat(handle: Buffer): Promise<Stats> {
    return this.#call((done) => this.#sftp.fstat(handle, done));
  }

  realpath(path: string): Promise<string> {
    return this.#call((done) => this.#sftp.realpath(path, done));
  }

  open(path: string): Promise<Buffer> {
    return this.#call((done) => this.#sftp.open(path, 'r', done));
  }

  /** Makes a file for writing, which must not be there. */
  create(path: string, mode: number): Promise<Buffer> {
    return this.#call((done) => this.#sftp.open(path, 'wx', { mode }, done));
  }

  openFolder(path: string): Promise<Buffer> {
    return this.#call((done) => this.#sftp.opendir(path, done));
  }

  /** What the server gives at once; null at the end. */
  async readFolder(handle: Buffer): Promise<FileEntryWithStats[] | null> {
    try {
      return await this.#call((done) => this.#sftp.readdir(handle, done));
    } catch (error) {
      if (statusOf(error) === STATUS.EOF) return null;
      throw error;
    }
  }

  /** Reads at most `requestBytes`; gives their number, 0 at the end. */
  read(handle: Buffer, into: Buffer, position: number): Promise<number> {
    return this.#call((done) => this.#sftp.read(handle, into, 0, into.length, position, done));
  }

  write(handle: Buffer, bytes: Buffer): Promise<void> {
    return this.#call((done) => this.#sftp.write(handle, bytes, 0, bytes.length, 0, done));
  }

  /** A handle of a lost connection is closed with it. */
  async close(handle: Buffer): Promise<void> {
    if (this.isLost) return;
    await this.#call<void>((done) => this.#sftp.close(handle, done)).catch(() => {});
  }

  makeFolder(path: string): Promise<void> {
    return this.#call((done) => this.#sftp.mkdir(path, done));
  }

  removeFolder(path: string): Promise<void> {
    return this.#call((done) => this.#sftp.rmdir(path, done));
  }

  /** Some servers replace what has the name. */
  rename(from: string, to: string): Promise<void> {
    return this.#call((done) => this.#sftp.rename(from, to, done));
  }

  remove(path: string): Promise<void> {
    return this.#call((done) => this.#sftp.unlink(path, done));
  }

  /** Ends the connection; calls under way fail. */
  end(): void {
    this.#lose('was left');
  }

  #call<T>(start: (done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#loss !== null) return reject(this.#loss);
      if (this.#pending.size === 0) this.#answeredAt = performance.now();
      this.#pending.add(reject);
      start((error, value) => {
        this.#pending.delete(reject);
        this.#answeredAt = performance.now();
        if (error === null || error === undefined) resolve(value as T);
        else if (statusOf(error) !== undefined) reject(error);
        else reject(this.#lose('closed the connection', error));
      });
    });
  }

  #requireAnswers(): void {
    if (this.#pending.size === 0 || performance.now() - this.#answeredAt < SILENCE_MS) return;
    this.#lose(`did not answer for ${SILENCE_MS / 1000} s`);
  }

  #lose(what: string, error?: Error): MayPass {
    if (this.#loss !== null) return this.#loss;
    const mend = 'check the network and the server, whose log tells';
    this.#loss = new MayPass(what, { cause: unreadable(`${this.#name} ${what}`, mend, error) });
    clearInterval(this.#timer);
    for (const reject of this.#pending) reject(this.#loss);
    this.#pending.clear();
    for (const hop of this.#hops) hop.end();
    return this.#loss;
  }
}
