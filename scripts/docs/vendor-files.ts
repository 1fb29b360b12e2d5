import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file in the manner of a vendor, with the feed that loads it and the records that come of it. */
export interface VendorFile {
  /** Of its folder, and of its feed. */
  readonly name: string;
  readonly kind: string;
  readonly odd: string;
  readonly path: string;
  readonly feedPath: string;
  /** The lines of its feed that are no comments. */
  readonly lines: readonly string[];
  /** Records as JSON, in the order of the file. */
  readonly expected: readonly string[];
}

/** Those that the guess of `headrace preview FILE` does not load as they should be without a change, and why. */
export const NOT_GUESSED: Readonly<Record<string, string>> = {
  'aemo-nem': 'two tables are read as one',
  'interactive-brokers': 'subtotals are rows',
  'quickbooks-report': 'names of groups and totals are rows',
};

const FOLDER = fileURLToPath(new URL('../../test/fixtures/vendors/', import.meta.url));

/** All of them; what kind each is, and what is odd about it, say the two comments at the top of its feed. */
export function vendorFiles(): VendorFile[] {
  return readdirSync(FOLDER).toSorted().map(vendorFile);
}

function vendorFile(name: string): VendorFile {
  const folder = join(FOLDER, name);
  const file = readdirSync(folder).find((each) => !['feed.yaml', 'expected.jsonl'].includes(each));
  const feedPath = join(folder, 'feed.yaml');
  const text = readFileSync(feedPath, 'utf8').trimEnd().split('\n');
  const [kind = '', odd = ''] = text.map((line) => line.replace(/^# /, ''));
  return {
    ...{ name, kind, odd, feedPath, path: join(folder, file ?? '') },
    lines: text.filter((line) => !line.startsWith('#')),
    expected: readFileSync(join(folder, 'expected.jsonl'), 'utf8').trimEnd().split('\n'),
  };
}

const TABLE = /<!-- vendor files -->\n[\s\S]*?<!-- end -->/;
const FEEDS = /<!-- vendor file ([\w-]+) -->\n[\s\S]*?<!-- end -->/g;

/** A page with the table of all files, and with the feeds that it shows, as they are. */
export function withVendorFiles(page: string, files: readonly VendorFile[]): string {
  const head = '| kind | what is odd about it | what its feed says of it | guessed |\n|---|---|---|---|\n';
  const table =
    head +
    files
      .toSorted((one, other) => one.kind.localeCompare(other.kind, 'en'))
      .map(row)
      .join('\n');
  return page
    .replace(TABLE, () => `<!-- vendor files -->\n\n${table}\n\n<!-- end -->`)
    .replace(FEEDS, (_, name: string) => {
      const lines = files.find((file) => file.name === name)?.lines ?? [];
      return `<!-- vendor file ${name} -->\n\n\`\`\`yaml feed\n${lines.join('\n')}\n\`\`\`\n\n<!-- end -->`;
    });
}

function row({ name, kind, odd, lines }: VendorFile): string {
  const deciding = new Set(lines.map(decidingPart).filter((part) => part !== null));
  const shown = [...deciding].map((part) => `\`${part.replaceAll('|', '\\|')}\``);
  return `| ${kind} | ${odd.replaceAll('|', '\\|')} | ${shown.join('<br>')} | ${NOT_GUESSED[name] ?? 'yes'} |`;
}

/** What is in every feed: its name, its place, the fields with their types, and where rows go. */
const USUAL = [
  /^(name|connector\.class|input\.path|transforms|predicates): /,
  /^transforms\.route\./,
  /^transforms\.\w+\.type: (csv|schema|route)$/,
  /^transforms\.validate\.fields\.[^:]*: (string|int|long|double|decimal|boolean|timestamp|date|time)$/,
];

/** Without the names of stages and fields; null for a line that any feed has. */
function decidingPart(line: string): string | null {
  if (USUAL.some((usual) => usual.test(line))) return null;
  return line
    .replace(/^(transforms|predicates)\.\w+\./, '')
    .replace(
      /^fields\..*\.(optional|from|format|zone|implied\.decimals|decimal|thousands|(?:true|false)\.values): /,
      '$1: ',
    );
}
