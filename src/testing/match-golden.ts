import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.ts';
import { dataJson, takeOrders } from '../values/ordered-row.ts';
import { shownText } from '../values/shown.ts';

/** Set, and not empty, golden files are written instead of compared. */
const UPDATE = 'UPDATE_GOLDEN';

/**
 * Compares what came of a test with a file, which is kept beside the test: text as it is, a list as lines of JSON, in which longs keep all
 * their digits and bytes are text. With `UPDATE_GOLDEN=1` in the environment it is written anew.
 *
 * @throws Error of one line: the first line that is not as in the file, and how to write it anew
 */
export function matchGolden(path: string | URL, got: string | readonly unknown[]): void {
  const file = typeof path === 'string' ? path : fileURLToPath(path);
  const text = typeof got === 'string' ? got : got.map((one) => `${dataJson(plainData(one))}\n`).join('');
  if (process.env[UPDATE]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  const expected = goldenText(file);
  if (expected === text) return;
  const [wanted, came] = [expected.split('\n'), text.split('\n')];
  const index = wanted.findIndex((line, at) => line !== came[at]);
  const line = index === -1 ? wanted.length : index;
  const difference = `expected ${lineText(wanted, line)}, got ${lineText(came, line)}`;
  throw new Error(`${file}, line ${line + 1}: ${difference}; ${UPDATE}=1 writes it anew`);
}

/** The same with bytes that are no Buffers, which make JSON of themselves. */
function plainData(data: unknown): unknown {
  const copy: unknown = structuredClone(data);
  takeOrders(copy, data);
  return copy;
}

function goldenText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'no such file' : messageOf(error);
    throw new Error(`${file}: ${reason}; ${UPDATE}=1 writes it`, { cause: error });
  }
}

const MOST_SHOWN = 300;

function lineText(lines: readonly string[], index: number): string {
  const line = lines[index];
  return line === undefined ? 'the end' : shownText(line, MOST_SHOWN);
}
