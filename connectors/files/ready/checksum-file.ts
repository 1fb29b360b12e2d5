import { createHash } from 'node:crypto';
import { HeadraceError } from '../../../src/plugin/index.ts';
import type { Checksum } from '../file-version.ts';
import type { Content } from '../reading/content.ts';

const HEX_DIGITS = { sha256: 64, md5: 32 } as const satisfies Record<Checksum['algorithm'], number>;

/** Lines as coreutils write them (https://www.gnu.org/software/coreutils/manual), the second with `--tag` or on a Mac. */
const LINE = /^\\?([0-9a-f]+)(?:[ \t][ \t*]?(.+))?$/is;
const TAGGED_LINE = /^\\?(?:SHA2-256|SHA256|MD5) \((.+)\) = ([0-9a-f]+)$/is;

/** The checksum of the file of this name; null when the text has none, as one that is still being written. */
export function checksumIn(text: string, name: string, algorithm: Checksum['algorithm']): Checksum | null {
  const checksums = text.split(/\r?\n/).flatMap((line) => checksumOf(line.trim()) ?? []);
  const whole = checksums.filter(({ hex }) => hex.length === HEX_DIGITS[algorithm]);
  const found =
    whole.find((checksum) => checksum.name === name) ?? whole.find((checksum) => checksum.name === null);
  return found === undefined ? null : { algorithm, hex: found.hex };
}

function checksumOf(line: string): { readonly hex: string; readonly name: string | null } | null {
  const isEscaped = line.startsWith('\\');
  const [, tagged, of] = TAGGED_LINE.exec(line) ?? [];
  const [, hex = of, path = tagged] = LINE.exec(line) ?? [];
  if (hex === undefined) return null;
  return { hex: hex.toLowerCase(), name: path === undefined ? null : nameIn(path, isEscaped) };
}

/** The last part of a path, in which a line that begins with a backslash spells line ends and backslashes. */
function nameIn(path: string, isEscaped: boolean): string {
  const spelled = isEscaped ? path.replace(/\\([nr\\])/g, (_, letter) => ESCAPES[letter] ?? '') : path;
  return spelled.slice(spelled.lastIndexOf('/') + 1);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', '\\': '\\' };

/**
 * Reads all bytes of a file as they are stored.
 *
 * @throws HeadraceError SOURCE_MALFORMED when they are not those of the checksum
 */
export async function requireChecksum(
  path: string,
  raw: Content,
  { algorithm, hex }: Checksum,
): Promise<void> {
  const hash = createHash(algorithm);
  let length = 0;
  for await (const bytes of raw.read(0)) {
    hash.update(bytes);
    length += bytes.length;
  }
  const found = hash.digest('hex');
  if (found === hex) return;
  throw new HeadraceError(
    'SOURCE_MALFORMED',
    `${JSON.stringify(path)} is not what its checksum file says: expected ${algorithm} ${hex}, its ${length} bytes have ` +
      `${found}; it is damaged: have it sent again`,
  );
}
