const UNPACK = 'unpack it and load what is in it (gzip, zstd, bzip2, xz and zip files are read as they are)';
const ZIP = 'a zip archive';
const EXPORT = 'export its rows as CSV, and load that';
const AGAIN = 'have the file of rows sent; this is what a server or a program answered in its place, perhaps';

/** What a file is that has these bytes at these places, in lower case; its name does not count. */
const FORMATS: readonly (readonly [
  name: string,
  mend: string,
  ...bytes: (readonly [at: number, text: string])[],
])[] = [
  ['a gzip file', UNPACK, [0, '\x1f\x8b\x08']],
  ['a zstd file', UNPACK, [0, '\x28\xb5\x2f\xfd']],
  ['a bzip2 file', UNPACK, [0, 'bzh'], [4, '1ay&sy']],
  ['an xz file', UNPACK, [0, '\xfd7zxz\0']],
  ['an lzip file', UNPACK, [0, 'lzip\x01']],
  ['an lz4 file', UNPACK, [0, '\x04\x22m\x18']],
  ['a snappy file', UNPACK, [0, '\xff\x06\0\0snappy']],
  ['a compress file (.Z)', UNPACK, [0, '\x1f\x9d']],
  ['an Excel workbook or another Office file', EXPORT, [0, 'pk\x03\x04'], [30, '[content_types]']],
  ['an Excel workbook or another Office file', EXPORT, [0, 'pk\x03\x04'], [30, '_rels/']],
  ['an Excel workbook or another Office file', EXPORT, [0, 'pk\x03\x04'], [30, 'xl/']],
  ['an Excel workbook or another Office file', EXPORT, [0, 'pk\x03\x04'], [30, 'docprops/']],
  ['an OpenDocument file', EXPORT, [0, 'pk\x03\x04'], [30, 'mimetypeapplication/vnd.oasis']],
  [ZIP, UNPACK, [0, 'pk\x03\x04']],
  ['a zip archive with nothing in it', AGAIN, [0, 'pk\x05\x06']],
  ['a part of a zip archive', AGAIN, [0, 'pk\x07\x08']],
  ['a 7z archive', UNPACK, [0, '7z\xbc\xaf\x27\x1c']],
  ['a rar archive', UNPACK, [0, 'rar!\x1a\x07']],
  ['a tar archive', UNPACK, [257, 'ustar']],
  ['a Parquet file', EXPORT, [0, 'par1\x15']],
  ['an ORC file', EXPORT, [0, 'orc\x00']],
  ['an Avro file', EXPORT, [0, 'obj\x01']],
  ['an Arrow file', EXPORT, [0, 'arrow1\0\0']],
  ['an SQLite database', EXPORT, [0, 'sqlite format 3\0']],
  ['an Excel workbook or another Office file (.xls)', EXPORT, [0, '\xf0\xef\x11\xe0\xa1\xb1\x1a\xe1']],
  ['a program (ELF)', AGAIN, [0, '\x7felf']],
  ['a program (Windows)', AGAIN, [0, 'mz\x90\0']],
  ['a picture (GIF)', AGAIN, [0, 'gif89a']],
  ['a picture (PNG)', AGAIN, [0, '\x89png\r\n']],
  ['a picture (JPEG)', AGAIN, [0, '\xff\xf8\xff']],
  ['a PDF document', EXPORT, [0, '%pdf-']],
];

/** The same of text before which white space may stand. */
const MARKUP: typeof FORMATS = [
  ['an HTML page', AGAIN, [0, '<!doctype html']],
  ['an HTML page', AGAIN, [0, '<html']],
  ['an HTML page', AGAIN, [0, '<head>']],
  ['an HTML page', AGAIN, [0, '<body']],
  ['an XML document', EXPORT, [0, '<?xml ']],
  ['an error in XML', AGAIN, [0, '<error>']],
];

/** Bytes from its beginning by which a file is known, where it has so many. */
const FORMAT_HEAD_BYTES = 512;
/** So many bytes tell all of them but a tar archive. */
export const SHORT_HEAD_BYTES = 64;

/** What stands between the cells of a text file as a rule. */
export const DELIMITERS = [',', ';', '\t', '|'];

const BYTE_ORDER_MARKS = [
  ['utf8', [0xef, 0xbb, 0xbf]],
  ['utf16le', [0xff, 0xfe]],
  ['utf16be', [0xfe, 0xff]],
] as const;

/** The encoding that a byte order mark at the beginning of a text tells, as the csv parser calls it, and the mark's length. */
export function markedEncoding(
  head: Buffer,
): { readonly name: MarkedEncoding; readonly bytes: number } | null {
  const found = BYTE_ORDER_MARKS.find(([, mark]) => startsWith(head, mark));
  return found === undefined ? null : { name: found[0], bytes: found[1].length };
}

export type MarkedEncoding = (typeof BYTE_ORDER_MARKS)[number][0];

const UTF_32 = 'UTF-32, which cannot be read; save it as UTF-8';
const UTF_16_UNITS = 32;

/**
 * What a file is that begins with `head`, and what to do about it, when that is no text of rows in an encoding that can be
 * read; null for every other. A NUL alone says nothing: it may be a character like others.
 */
export function otherFormat(head: Buffer): string | null {
  if (startsWith(head, [0, 0, 0xfe, 0xff]) || startsWith(head, [0xff, 0xfe, 0, 0])) return `is ${UTF_32}`;
  const known = formatOf(head);
  if (known !== undefined) return `is ${known[0]}, not rows of text; ${known[1]}`;
  if (isEbcdic(head))
    return 'looks like EBCDIC, which cannot be read; convert it to UTF-8 (iconv -f IBM1047 -t UTF-8)';
  return null;
}

/** Whether it is an archive that may hold anything, and not a format that is made of one. */
export function isZipArchive(head: Buffer): boolean {
  return formatOf(head)?.[0] === ZIP;
}

function formatOf(head: Buffer): (typeof FORMATS)[number] | undefined {
  // Behind a byte order mark stands text, of another kind perhaps.
  const mark = markedEncoding(head);
  const begin = mark?.name === 'utf8' ? mark.bytes : 0;
  const text = head.toString('latin1', begin, FORMAT_HEAD_BYTES).toLowerCase();
  return knownBy(FORMATS, text) ?? knownBy(MARKUP, text.trimStart());
}

function knownBy(formats: typeof FORMATS, text: string): (typeof FORMATS)[number] | undefined {
  return formats.find(([, , ...bytes]) => bytes.every(([at, magic]) => text.startsWith(magic, at)));
}

/** Why the first line is no line of names, or null: it has a NUL. */
export function nulInFirstLine(head: Buffer): string | null {
  const end = head.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  if (!head.subarray(0, end < 0 ? FORMAT_HEAD_BYTES : end).includes(0)) return null;
  return 'is not text, its first line has NUL bytes; expected rows of text such as CSV';
}

/** Text of the West in UTF-16 without a byte order mark, and in which order: every other byte is NUL. */
export function looksLikeUtf16(head: Buffer): 'utf16le' | 'utf16be' | null {
  if (hasNulsAt(head, 1)) return 'utf16le';
  return hasNulsAt(head, 0) ? 'utf16be' : null;
}

/** Of each pair of bytes that one is NUL, and the other is not. */
function hasNulsAt(head: Buffer, place: 0 | 1): boolean {
  const units = Math.min(UTF_16_UNITS, Math.floor(head.length / 2));
  if (units < 2) return false;
  for (let unit = 0; unit < units; unit++) {
    if (head[2 * unit + place] !== 0 || head[2 * unit + 1 - place] === 0) return false;
  }
  return true;
}

function startsWith(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** Letters, digits and what stands between them, as mainframes write them; a line of it ends with NEL or LF. */
function isEbcdic(head: Buffer): boolean {
  const bytes = head.subarray(0, FORMAT_HEAD_BYTES);
  const lineEnd = bytes.findIndex((byte) => byte === 0x15 || byte === 0x25);
  if (lineEnd < 2) return false;
  return bytes.subarray(0, lineEnd).every((byte) => {
    const isLetterOrDigit = byte >= 0x81 && (byte & 0x0f) <= 9;
    return (
      isLetterOrDigit || [0x40, 0x4b, 0x4f, 0x5e, 0x60, 0x61, 0x6b, 0x6d, 0x7f, 0x0d, 0x05].includes(byte)
    );
  });
}
