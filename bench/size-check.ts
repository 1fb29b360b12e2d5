import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTempFolder, removeTempFolder } from '../scripts/stack/temp-folder.ts';
import { BenchError } from './bench-error.ts';
import { dataSet } from './data/data-set.ts';
import { type RepeatedFile, writeRepeated } from './data/repeated-file.ts';
import { reference } from './feeds/reference.ts';
import { type Measured, measure } from './measure/measure.ts';
import type { Section } from './report/section.ts';
import { megabytes, micros, whole } from './report/units.ts';
import { deadLetterTopic, logLines, ours } from './targets/ours.ts';
import { type Cluster, createTopic, deleteTopics } from './topics.ts';

const ROWS_TO_REPEAT = 10_000;
/** More memory than this for the large file, in proportion to the small one's, and the memory is not flat. */
const FLAT_RATIO = 1.25;
/** The broker keeps the end of the topic alone, so that the disk need not hold a record for each row. */
const KEEP_LITTLE = { 'segment.bytes': String(32 << 20), 'retention.bytes': String(64 << 20) };

interface Sized extends Measured {
  readonly file: RepeatedFile;
}

/** Loads a small and a large file of the reference's rows: what memory the loader takes must not depend on the size. */
export async function sizeCheck(
  main: string,
  megabytesOfFiles: readonly number[],
  cluster: Cluster,
): Promise<Section> {
  const loads: Sized[] = [];
  for (const size of megabytesOfFiles) loads.push(await loadSized(main, size * 1e6, cluster));
  return {
    title: 'Memory by size of file',
    notes: ['Rows of the reference feed, repeated.'],
    header: ['file MB', 'rows', 'peak RSS MB', 'CPU µs/row'],
    rows: loads.map(({ file, peakRssBytes, cpuMs }) => [
      megabytes(file.bytes),
      whole(file.rows),
      megabytes(peakRssBytes),
      micros((cpuMs * 1000) / file.rows),
    ]),
    findings: [verdict(loads.map(({ peakRssBytes }) => peakRssBytes))],
  };
}

function verdict(peaks: readonly (number | null)[]): string {
  const first = peaks.at(0);
  const last = peaks.at(-1);
  if (first == null || last == null) return 'This system does not tell the peak of a process.';
  const ratio = last / first;
  return `Peak RSS, large / small: ${ratio.toFixed(2)}: ${ratio <= FLAT_RATIO ? 'flat' : 'not flat'}.`;
}

async function loadSized(main: string, bytes: number, cluster: Cluster): Promise<Sized> {
  const data = await dataSet(reference.table, ROWS_TO_REPEAT);
  const folder = await makeTempFolder('bench');
  const topic = await createTopic(cluster, 'size', KEEP_LITTLE);
  try {
    await requireRoom(bytes);
    const file = writeRepeated(data, join(folder, 'data.csv'), bytes);
    const target = ours({ feed: reference, main });
    const job = { csvPath: file.path, valuesPath: data.valuesPath, rows: file.rows, cluster, topic, folder };
    const measured = await measure(await target.command(job), target.hopeless);
    const [{ produced }] = logLines(measured, 'file completed');
    if (produced !== file.rows)
      throw new BenchError(`headrace: expected ${file.rows} rows produced, got ${produced}`);
    return { ...measured, file };
  } finally {
    await removeTempFolder(folder);
    await deleteTopics(cluster, [topic, deadLetterTopic(topic)]);
  }
}

/** The file, and what the broker has not yet removed of about as much again. */
async function requireRoom(bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const wanted = bytes * 3;
  if (bavail * bsize >= wanted) return;
  throw new BenchError(
    `expected ${megabytes(wanted)} MB free in ${tmpdir()}, got ${megabytes(bavail * bsize)}`,
  );
}
