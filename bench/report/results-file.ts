import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { KAFKA_VERSION } from '../../scripts/stack/maven.ts';
import { render, type Section } from './section.ts';

export const RESULTS_FILE = fileURLToPath(new URL('../results.md', import.meta.url));

/** One line about where the numbers come from: only ratios may be held against those of another machine. */
export function surroundings(kcat: string | null): string {
  const processors = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return [
    `${model}, ${processors.length} cores shared with the broker, ${memory} GiB`,
    `Node ${process.version}`,
    `Apache Kafka ${KAFKA_VERSION}, one broker`,
    kcat ?? 'no kcat',
  ].join('; ');
}

export async function writeResults(
  where: string,
  args: readonly string[],
  sections: readonly Section[],
): Promise<void> {
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args.map(quoted)] : [])].join(' ');
  const head = [
    '# Benchmark results',
    `${new Date().toISOString().slice(0, 10)}. ${where}. Written by:`,
    `\`\`\`\n${command}\n\`\`\``,
  ].join('\n\n');
  await writeFile(RESULTS_FILE, `${head}\n\n${sections.map(render).join('\n')}`);
}

function quoted(argument: string): string {
  return /^[\w./=,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
