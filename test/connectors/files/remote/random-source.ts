import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { RangeSource } from '../../../../connectors/files/remote/range.ts';
import { MayPass } from '../../../../connectors/files/remote/retrying.ts';
import { unreadable } from '../../../../connectors/files/source-errors.ts';

/** What becomes of one request: how its answer is cut, and how it ends. */
export interface Answer {
  readonly chunkBytes: number;
  /** Bytes after which it does what `ends` says; a whole answer without. */
  readonly after: number;
  readonly ends: 'whole' | 'refuse' | 'break' | 'break unmapped' | 'end short' | 'go on beyond' | 'stall';
}

/** Answers requests for ranges of some bytes as it is told to, one after another, and as they should be after that. */
export class RandomSource implements RangeSource {
  readonly bytes: Buffer;
  readonly asked: { readonly from: number; readonly to: number }[] = [];
  openStreams = 0;
  mostOpenStreams = 0;
  readonly #answers: Answer[];
  readonly #turns: number;

  /** @param turns of the event loop between chunks */
  constructor(bytes: Buffer, answers: readonly Answer[] = [], turns = 0) {
    this.bytes = bytes;
    this.#answers = [...answers];
    this.#turns = turns;
  }

  async read(from: number, to: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    this.asked.push({ from, to });
    const answer = this.#answers.shift() ?? { chunkBytes: 64 * 1024, after: 0, ends: 'whole' };
    if (answer.ends === 'refuse') throw mayPass('503 SlowDown');
    return this.#stream(from, to, answer, signal);
  }

  async *#stream(from: number, to: number, answer: Answer, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.openStreams++;
    this.mostOpenStreams = Math.max(this.mostOpenStreams, this.openStreams);
    try {
      const end = endOf(from, to, answer);
      for (let at = from; at < end; at += answer.chunkBytes) {
        for (let i = 0; i < this.#turns; i++) await turn();
        signal.throwIfAborted();
        yield this.bytes.subarray(at, Math.min(end, at + answer.chunkBytes));
      }
      if (answer.ends === 'break') throw mayPass('ECONNRESET');
      if (answer.ends === 'break unmapped') throw new Error('aborted');
      if (answer.ends === 'stall') await new Promise(() => {});
    } finally {
      this.openStreams--;
    }
  }
}

function endOf(from: number, to: number, { ends, after }: Answer): number {
  if (ends === 'whole') return to;
  return ends === 'go on beyond' ? to + after : Math.min(to, from + after);
}

function mayPass(said: string): MayPass {
  return new MayPass(said, { cause: unreadable('"a" could not be read', 'wait', new Error(said)) });
}

export function someBytes(length: number): Buffer {
  return randomBytes(length);
}
