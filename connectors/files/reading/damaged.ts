/** What is wrong with the bytes of a compressed file; whoever tells it names the file. */
export class Damaged extends Error {}

/** What stands behind the end of a compressed stream is not another one. */
export class NoStream extends Error {}

/** The words of zlib for a file that is cut short, which people know. */
export const CUT_SHORT = 'unexpected end of file';
