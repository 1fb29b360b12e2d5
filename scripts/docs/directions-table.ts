import { PLACES, type Place } from '../directions.ts';

/** A page whose table of places says who may import whom as the lint has it. */
export function withDirections(page: string): string {
  return page.replace(MARKED, `<!-- directions -->\n\n${table()}\n\n<!-- end -->`);
}

const MARKED = /<!-- directions -->\n[\s\S]*?<!-- end -->/;

function table(): string {
  const head = '| place | what lives there | may import |\n|---|---|---|\n';
  return head + PLACES.map(row).join('\n');
}

function row({ path, holds, imports, packages = [], because }: Place): string {
  const names = [...imports.map(shown), ...packages];
  const may = names.length === 0 ? 'nothing' : names.join(', ');
  return `| \`${path}\` | ${holds} | ${may}${because === undefined ? '' : `: ${because}`} |`;
}

function shown(path: string): string {
  return `\`${path.replace(/^src\/|\/$/g, '')}\``;
}
