import { WORD_BYTES } from '../../kernels/lib/sizes.ts';
import { Memory } from './web-assembly.ts';

const PAGE_BYTES = 65_536;
/** Reserved, not used: a page takes memory of the machine only once something is written to it. */
const CAPACITY_BYTES = 256 * 1024 * 1024;
/** Address 0 stands for nothing. */
const FIRST_ADDRESS = 64;
const SMALLEST_BYTES = 64;

interface Arena {
  readonly memory: Memory;
  /** The memory's bytes, which it would look up at each asking. */
  readonly bytes: ArrayBuffer;
  /** Addresses that were given back, by the size of their block. */
  readonly free: Map<number, number[]>;
  /** The size of the block at each address that is in use. */
  readonly used: Map<number, number>;
  end: number;
}

let arena: Arena | null = null;

/** What is not needed any more because nobody holds its owner. */
const abandoned = new FinalizationRegistry<number>((address) => giveBack(address));

/**
 * The memory that this thread's batches live in, from where they are read to where they are sent: kernels
 * (`kernel.ts`) reach it, and it never moves.
 */
export function kernelMemory(): Memory {
  return theArena().memory;
}

/**
 * Memory that kernels reach, with anything in it. When there is no more of it, ordinary memory, whose address is 0:
 * rows in that take the general path.
 */
export function allocate(bytes: number): Buffer {
  const { bytes: all, free, used } = theArena();
  const size = blockSize(bytes);
  const address = free.get(size)?.pop() ?? newBlock(size);
  if (address === 0) return Buffer.allocUnsafeSlow(bytes);
  used.set(address, size);
  return Buffer.from(all, address, bytes);
}

/** The same for what is needed as long as `owner` is held by anyone. */
export function allocateFor(owner: object, bytes: number): Buffer {
  const block = allocate(bytes);
  const address = addressOf(block);
  if (address !== 0) abandoned.register(owner, address);
  return block;
}

/** Gives back what `allocate` gave, or its beginning. Nobody may read it afterwards. */
export function release(block: ArrayBufferView): void {
  giveBack(addressOf(block));
}

/** A block as words of 32 bits; its bytes beyond the last whole word are left out. */
export function wordsOf({ buffer, byteOffset, length }: Buffer): Uint32Array {
  return new Uint32Array(buffer, byteOffset, Math.floor(length / WORD_BYTES));
}

/** So many words, with anything in them; to be given back by `release`. */
export function allocateWords(words: number): Uint32Array {
  return wordsOf(allocate(WORD_BYTES * words));
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
    arena = { memory, bytes: memory.buffer, free: new Map(), used: new Map(), end: FIRST_ADDRESS };
  }
  return arena;
}

function giveBack(address: number): void {
  const size = arena?.used.get(address);
  if (arena === null || size === undefined) return;
  arena.used.delete(address);
  const same = arena.free.get(size);
  if (same === undefined) arena.free.set(size, [address]);
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
