import type { Block } from './block.ts';

/** Behind so many equal bytes stands how many more of it there are. */
const RUN = 4;

/** CRC-32 with the highest bit first, as bzip2 alone has it. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** The text of a block, a piece at a time: a block of 900 kB may have fifty times as much. */
export class BlockText {
  readonly #links: Uint32Array;
  #link: number;
  #left: number;
  /** The last byte, and how many of it stand in a row; 0 behind the number of a run. */
  #byte = -1;
  #inRow = 0;
  /** Bytes like the last one that are still to come. */
  #more = 0;
  #crc = 0xffffffff | 0;

  constructor(links: Uint32Array, { begin, length }: Block) {
    this.#links = links;
    this.#link = begin;
    this.#left = length;
  }

  /** Of what was given so far. */
  get crc(): number {
    return ~this.#crc >>> 0;
  }

  /** Fills `into` as far as there is text; gives the number of its bytes, 0 at the end. */
  read(into: Uint8Array): number {
    const links = this.#links;
    let link = this.#link;
    let left = this.#left;
    let byte = this.#byte;
    let inRow = this.#inRow;
    let more = this.#more;
    let crc = this.#crc;
    let at = 0;
    while (at < into.length) {
      if (more > 0) more--;
      else if (left === 0) break;
      else {
        const entry = links[link] as number;
        const next = entry & 0xff;
        link = entry >>> 8;
        left--;
        if (inRow === RUN) {
          more = next;
          inRow = 0;
          continue;
        }
        inRow = next === byte && inRow > 0 ? inRow + 1 : 1;
        byte = next;
      }
      into[at++] = byte;
      crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] as number);
    }
    this.#link = link;
    this.#left = left;
    this.#byte = byte;
    this.#inRow = inRow;
    this.#more = more;
    this.#crc = crc;
    return at;
  }
}
