import { WORD_BYTES } from '../../kernels/lib/sizes.ts';
import { Memory } from './web-assembly.ts';

/*
 * The memory that a thread's rows live in, from where they are read to where they are sent: kernels reach it, and it never
 * moves. Whoever has a block from `allocate` owns it, may hand it on, and the last owner gives it back by `release`, once and
 * as the very object that it got: anything else is an error, as it would free what lives in the block by then.
 *
 * Who owns what, and until when:
 * - The block of a chunk: the source, until it yields the chunk; then the parse stream, which gives it back for a file of
 *   which nothing more is wanted and for a parser that takes no blocks; then the parser (`BlockParser.takesBlocks`).
 * - The carry of a file (`transforms/text/carry.ts`) owns the block that what waits for the rest of its row stands in:
 *   until it moves to another, its bytes are taken, or the parser is closed.
 * - What is parsed (`transforms/text/text-file-parser.ts`) is its bytes' block, a second one where they were decoded, and the
 *   three arrays of its table. The batch owns them all by `ParsedRows.release`; where no batch comes of it, they are given
 *   back at once.
 * - The cells that stages add, and copies of what a parser put beyond the reach of kernels: `GrowingCells` and `RowBatch`.
 * - A batch lives until the sink has booked it, or whoever gives up its file: `RowBatch.release`, once.
 * - Tasks and programs of kernels, and the sink's tables of record batches: as long as anyone holds the object that they were
 *   allocated for (`allocateFor`), such as the `CellWriter` of a program.
 * - Where LZ4 frames are made: its codec, for good (`src/kafka/records/compression/lz4.ts`).
 * - The headers of a file that records share: `RowHeaders`, until it is asked for those of another file.
 * - Record batches, their states, and what is compressed of them: `RecordBatchBuilder`, which moves when it grows. `PartitionBuffers` fills those again
 *   that are acknowledged, and never gives them back: a socket may still read them when their sink has failed.
 */

const PAGE_BYTES = 65_536;
/** Reserved, not used: a page takes memory of the machine only once something is written to it. */
const CAPACITY_BYTES = 256 * 1024 * 1024;
/** Address 0 stands for nothing. */
const FIRST_ADDRESS = 64;
const SMALLEST_BYTES = 64;

/** A block that somebody has. */
interface Owned {
  readonly size: number;
  /** What was given for it. */
  readonly block: ArrayBufferView;
}

interface Arena {
  readonly memory: Memory;
  /** The memory's bytes, which it would look up at each asking. */
  readonly bytes: ArrayBuffer;
  /** Addresses that were given back, by the size of their block. */
  readonly free: Map<number, number[]>;
  /** By address. */
  readonly owned: Map<number, Owned>;
  end: number;
}

let arena: Arena | null = null;

/** What is not needed any more because nobody holds its owner. */
const abandoned = new FinalizationRegistry<ArrayBufferView>((block) => giveBack(block));

/** All of it, for kernels (`kernel.ts`). */
export function kernelMemory(): Memory {
  return theArena().memory;
}

/**
 * Memory that kernels reach, with anything in it. When there is no more of it, ordinary memory, whose address is 0:
 * rows in that take the general path.
 */
export function allocate(bytes: number): Buffer {
  return blockOf(bytes, (address) => Buffer.from(theArena().bytes, address, bytes)) ?? ordinary(bytes);
}

/** The same for what is needed as long as `owner` is held by anyone, if it is not given back before. */
export function allocateFor(owner: object, bytes: number): Buffer {
  const block = allocate(bytes);
  if (addressOf(block) !== 0) abandoned.register(owner, block, block);
  return block;
}

/**
 * Gives back what one of the functions here gave. Nobody may read it afterwards. Ordinary memory needs no giving back.
 *
 * @throws Error for a block that is back already, or is another's by now, or is only a part of one: a bug of ours
 */
export function release(block: ArrayBufferView): void {
  if (addressOf(block) === 0) return;
  giveBack(block);
  abandoned.unregister(block);
}

/** What comes of something for which a block was taken; when that fails, the block is given back. */
export async function orRelease<T>(block: ArrayBufferView | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (block !== undefined) release(block);
    throw error;
  }
}

/** A block as words of 32 bits; its bytes beyond the last whole word are left out. */
export function wordsOf({ buffer, byteOffset, length }: Buffer): Uint32Array {
  return new Uint32Array(buffer, byteOffset, Math.floor(length / WORD_BYTES));
}

/** So many words, with anything in them; to be given back by `release`. */
export function allocateWords(words: number): Uint32Array {
  const bytes = WORD_BYTES * words;
  const block = blockOf(bytes, (address) => new Uint32Array(theArena().bytes, address, words));
  return block ?? wordsOf(ordinary(bytes));
}

/** A copy of words, where kernels reach it; to be given back by `release`. */
export function copyOf(words: Uint32Array): Uint32Array {
  const copy = allocateWords(words.length);
  copy.set(words);
  return copy;
}

/** Where kernels find it; 0 where they cannot reach it. */
export function addressOf(block: ArrayBufferView): number {
  return arena !== null && block.buffer === arena.bytes ? block.byteOffset : 0;
}

function theArena(): Arena {
  if (arena === null) {
    const pages = CAPACITY_BYTES / PAGE_BYTES;
    const memory = new Memory({ initial: pages, maximum: pages });
    arena = { memory, bytes: memory.buffer, free: new Map(), owned: new Map(), end: FIRST_ADDRESS };
  }
  return arena;
}

/** null where there is no more memory. */
function blockOf<Block extends ArrayBufferView>(
  bytes: number,
  viewOf: (address: number) => Block,
): Block | null {
  const { free, owned } = theArena();
  const size = blockSize(bytes);
  const address = free.get(size)?.pop() ?? newBlock(size);
  if (address === 0) return null;
  const block = viewOf(address);
  owned.set(address, { size, block });
  return block;
}

/** Memory of its own rather than of Node's shared pool, so that it starts on a word. */
function ordinary(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes);
}

function giveBack(block: ArrayBufferView): void {
  const { free, owned } = theArena();
  const address = block.byteOffset;
  const its = owned.get(address);
  if (its?.block !== block) {
    throw new Error(
      `expected a block that is not given back yet, got ${block.byteLength} bytes at address ${address}`,
    );
  }
  owned.delete(address);
  const same = free.get(its.size);
  if (same === undefined) free.set(its.size, [address]);
  else same.push(address);
}

/** Blocks are of few sizes, so that one that was given back soon serves again. */
function blockSize(bytes: number): number {
  let size = SMALLEST_BYTES;
  while (size < bytes) size *= 2;
  return size;
}

/** Kernels read 16 bytes at once, and may so read behind the end of a block: the last bytes stay unused. */
function newBlock(size: number): number {
  const space = theArena();
  if (space.end + size > CAPACITY_BYTES - SMALLEST_BYTES) return 0;
  const address = space.end;
  space.end += size;
  return address;
}
