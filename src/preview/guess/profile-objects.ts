import type { DataFile } from '../../dry-run/data-file.ts';
import { ColumnProfile, type RowsSeen } from './column-profile.ts';
import { draftRows } from './draft-rows.ts';
import { cellText, type FlatObject, objectsIn, SeenColumns } from './json-lines.ts';
import { SampledFile } from './sampled-file.ts';

const LINES = { parser: 'lines', options: { 'skip.empty.lines': 'true' } };
/** Of each of two readings: the first finds the columns. */
const READING_MS = 1000;

/** What the columns of JSON lines are like. */
export async function profileObjects(file: DataFile): Promise<RowsSeen> {
  const seen = new SeenColumns();
  await eachObject(file, (objects) => seen.add(objects));
  const profiles = seen.names.map((name) => new ColumnProfile(name));
  let rows = 0;
  const isWhole = await eachObject(file, (objects) => {
    rows += objects.length;
    for (const profile of profiles) for (const object of objects) profile.see(cellText(object, profile.name));
  });
  return { profiles, rows, isWhole };
}

/** Gives whether the file was read to its end. */
async function eachObject(file: DataFile, take: (objects: FlatObject[]) => void): Promise<boolean> {
  const end = Date.now() + READING_MS;
  const sampled = new SampledFile(file);
  for await (const { rows } of draftRows(LINES, sampled.chunks())) {
    take(rows.flatMap(({ raw }) => objectsIn(raw.toString(), 1) ?? []));
    if (Date.now() > end) return false;
  }
  return !sampled.isCut;
}
