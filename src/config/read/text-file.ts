import { readFileSync, statSync } from 'node:fs';
import { whyUnreadable } from '../../values/why-unreadable.ts';

/** What a file is expected to be, for the messages. */
export interface ExpectedFile {
  /** `a config file`. */
  readonly name: string;
  /** `a YAML or JSON file`. */
  readonly file: string;
  /** `YAML or JSON`. */
  readonly text: string;
  readonly maxMiB: number;
}

/** Reads a file that a person has written, in UTF-8; or tells why it cannot be read. */
export function readTextFile(path: string, expected: ExpectedFile): { text: string } | { message: string } {
  const notText = `is not text; expected ${expected.text} in UTF-8`;
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { message: `is a folder; expected ${expected.file}` };
    if (stats.size > expected.maxMiB * 1024 * 1024) {
      const most = `expected at most ${expected.maxMiB} MiB`;
      return { message: `is too large for ${expected.name}: ${most}, got ${stats.size} bytes` };
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return text.includes('\0') ? { message: notText } : { text };
  } catch (error) {
    const isNotText = (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    return { message: isNotText ? notText : whyUnreadable(error) };
  }
}
