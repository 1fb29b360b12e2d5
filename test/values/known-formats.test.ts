import { execFileSync } from 'node:child_process';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { otherFormat } from '../../src/values/known-formats.ts';

const begin = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

it.each<[string, Buffer, string]>([
  ['gzip', gzipSync('a,b\n'), 'is a gzip file'],
  ['zstd', zstdCompressSync('a,b\n'), 'is a zstd file'],
  ['bzip2', begin('BZh91AY&SY', [0x11, 0x22]), 'is a bzip2 file'],
  ['xz', begin([0xfd], '7zXZ', [0, 0, 4]), 'is an xz file'],
  ['7z', begin('7z', [0xbc, 0xaf, 0x27, 0x1c, 0, 4]), 'is a 7z archive'],
  ['rar', begin('Rar!', [0x1a, 7, 1, 0]), 'is a rar archive'],
  ['zip', begin('PK', [3, 4, 20, 0], '\0'.repeat(24), 'trades.csv'), 'is a zip archive'],
  ['xlsx', begin('PK', [3, 4, 20, 0], '\0'.repeat(24), '[Content_Types].xml'), 'is an Excel workbook'],
  ['xls', begin([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'is an Excel workbook'],
  ['Parquet', begin('PAR1', [0x15, 4]), 'is a Parquet file'],
  ['Avro', begin('Obj', [1, 4]), 'is an Avro file'],
  ['PDF', begin('%PDF-1.7\n'), 'is a PDF document'],
  ['HTML', begin('<!DOCTYPE html>\n<html>'), 'is an HTML page'],
  ['HTML behind empty lines', begin('\r\n\n  <HTML>\n'), 'is an HTML page'],
  ['HTML without its beginning', begin('<head><title>503</title></head>'), 'is an HTML page'],
  ["a store's error", begin('<Error><Code>NoSuchKey</Code></Error>'), 'is an error in XML'],
  [
    'xlsx of other programs',
    begin('PK', [3, 4, 20, 0], '\0'.repeat(24), 'docProps/app.xml'),
    'is an Excel workbook',
  ],
  [
    'ods',
    begin('PK', [3, 4, 20, 0], '\0'.repeat(24), 'mimetypeapplication/vnd.oasis.opendocument.x'),
    'is an OpenDocument',
  ],
  ['exe', begin('MZ', [0x90, 0, 3]), 'is a program'],
  ['GIF', begin('GIF89a', [1, 0]), 'is a picture'],
  ['XML', begin('\xef\xbb\xbf<?xml version="1.0"?>'), 'is an XML document'],
  ['JPEG', begin([0xff, 0xd8, 0xff, 0xe0]), 'is a picture'],
  [
    'tar',
    execFileSync('tar', ['-cf', '-', '-C', import.meta.dirname, 'known-formats.test.ts']),
    'is a tar archive',
  ],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'is UTF-32'],
  ['EBCDIC', Buffer.from('a2a894826b97998983851525', 'hex'), 'looks like EBCDIC'],
])('%s is told by its first bytes', (_, head, expected) => {
  expect(otherFormat(head)).toContain(expected);
});

it.each<[string, Buffer]>([
  ['rows', Buffer.from('symbol,price\nBHP,1\n')],
  ['nothing', Buffer.alloc(0)],
  ['one character', Buffer.from('a')],
  ['UTF-16LE with its mark', Buffer.from('\ufeffa,b\n', 'utf16le')],
  ['UTF-16LE', Buffer.from('a,b\n1,2\n', 'utf16le')],
  ['UTF-16BE with its mark', Buffer.from('\ufeffa,b\n', 'utf16le').swap16()],
  ['UTF-16BE', Buffer.from('a,b\n1,2\n', 'utf16le').swap16()],
  ['a NUL in a cell', Buffer.from('a,b\n\0,1\n')],
  ['names that begin like magic', Buffer.from('PK,PAR1,ORC,BZh9\n1,2,3,4\n')],
  ['names in brackets', Buffer.from('<TICKER>,<PER>,<DATE>\nBHP,D,20260105\n')],
  ['such a name first', Buffer.from('BZh,b\n1,2\n')],
  ['Cyrillic in a single-byte encoding', Buffer.from('c8ecff2cd6e5ede00d0a', 'hex')],
  ['Japanese in UTF-8', Buffer.from('銘柄,価格\n日本,1\n')],
  ['what no one knows', brotliCompressSync('a,b\n')],
])('%s is not taken for another format', (_, head) => {
  expect(otherFormat(head)).toBeNull();
});
