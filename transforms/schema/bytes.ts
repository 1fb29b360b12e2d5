import type { CellParser } from './cell-parsers.ts';
import type { FieldDeclaration } from './field-declaration.ts';

/** How bytes may be written in a cell, and how each reads them; null when they are not written so. */
const FORMATS: Readonly<Record<string, { readonly name: string; read(text: string): Buffer | null }>> = {
  hex: {
    name: 'hexadecimal digits',
    read: (text) => (/^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : null),
  },
  base64: {
    name: 'base64',
    read(text) {
      const bytes = Buffer.from(text, 'base64');
      return bytes.toString('base64') === text ? bytes : null;
    },
  },
  text: { name: 'text in UTF-8', read: (text) => Buffer.from(text) },
};

/** Reads bytes into base64, which is how JSON has them. */
export function bytesParser({ format = 'hex', size }: FieldDeclaration): CellParser | string {
  if (!Object.hasOwn(FORMATS, format)) {
    return `expected hex, base64 or text, got ${JSON.stringify(format)}`;
  }
  const { name, read } = FORMATS[format] as (typeof FORMATS)[string];
  const digits = format === 'hex' && size !== undefined ? `${2 * size} ` : '';
  return {
    expected: `${size === undefined ? '' : `${size} `}bytes as ${digits}${name}`,
    parse(text) {
      const bytes = read(text);
      return bytes === null || (size !== undefined && bytes.length !== size)
        ? undefined
        : bytes.toString('base64');
    },
  };
}
