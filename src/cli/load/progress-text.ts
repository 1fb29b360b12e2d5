import type { LoadProgress } from '../../load/load-progress.ts';
import { bytes, clock, count, percent } from '../../terminal/figures.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { cut, printable, widthOf } from '../../terminal/text.ts';
import type { Speed } from './speed.ts';

const BAR_WIDTHS = { least: 8, most: 30 };
/** A narrower terminal has better use for its columns. */
const LEAST_WITH_BAR = 70;
const GAP = '  ';
/** For the `^C` that a terminal writes by itself, which must not begin another line. */
const SPARE_COLUMNS = 3;

interface Part {
  readonly text: string;
  /** Parts with a higher number go first where the terminal is narrow. */
  readonly rank: number;
  readonly style?: Parameters<Paint>[0];
}

/** One line, never wider than the terminal; `elapsedMs` since the phase began. */
export function progressText(
  progress: LoadProgress,
  speed: ReturnType<Speed['at']>,
  { width, elapsedMs, paint }: { width: number; elapsedMs: number; paint: Paint },
): string {
  const room = Math.max(10, width - SPARE_COLUMNS);
  switch (progress.phase) {
    case 'SPOOLING':
      return cut(`reading standard input  ${bytes(progress.totalBytes)}`, room);
    case 'STARTING':
      return cut(`${progress.job}  starting`, room);
    case 'WAITING':
      return paint(
        'yellow',
        cut(`${standing(progress)}  waiting ${clock(elapsedMs)}: ${printable(progress.reason ?? '')}`, room),
      );
    case 'STOPPING':
      return cut(`${standing(progress)}  committing what is done; Ctrl-C again ends at once`, room);
    case 'LOADING':
      return loadingText(progress, speed, room, paint);
  }
}

function loadingText(
  progress: LoadProgress,
  speed: ReturnType<Speed['at']>,
  room: number,
  paint: Paint,
): string {
  const forBar = room < LEAST_WITH_BAR ? 0 : BAR_WIDTHS.least + GAP.length;
  const parts = fitting(partsOf(progress, speed), room - forBar);
  const used = partsWidth(parts);
  const barWidth = Math.min(BAR_WIDTHS.most, room - used - GAP.length);
  const shown = parts.map(({ text, style }) => (style === undefined ? text : paint(style, text)));
  if (barWidth < BAR_WIDTHS.least) return shown.join(GAP);
  const [name = '', ...rest] = shown;
  return [name, bar(progress, barWidth, paint), ...rest].join(GAP);
}

function partsOf(progress: LoadProgress, speed: ReturnType<Speed['at']>): Part[] {
  const { file, filesDone, fileCount, rows, totalBytes } = progress;
  const parts: Part[] = [{ text: standing(progress), rank: 1 }];
  if (fileCount > 1) {
    const which = `file ${Math.min(filesDone + 1, fileCount)} of ${fileCount}`;
    parts.push({ text: file === null ? which : `${which}: ${nameOf(file)}`, rank: 4 });
  }
  parts.push({ text: `${bytes(progress.bytes)} of ${bytes(totalBytes)}`, rank: 5 });
  if (speed !== null && speed.rows > 0) {
    parts.push({ text: `${count(speed.rows)} rows/s`, rank: 3 });
    if (speed.bytes > 0) {
      parts.push({ text: `ETA ${clock(((totalBytes - progress.bytes) / speed.bytes) * 1000)}`, rank: 2 });
    }
  }
  if (rows.rejected > 0) parts.push({ text: `${count(rows.rejected)} rejected`, rank: 2, style: 'yellow' });
  return parts;
}

/** What is loaded, a file or several under the job's name, and how much of it is done. */
function standing({ file, fileCount, job, bytes: done, totalBytes }: LoadProgress): string {
  return `${nameOf(fileCount === 1 ? (file ?? job) : job)} ${percent(done, totalBytes, 0).padStart(4)}`;
}

function nameOf(path: string): string {
  return cut(printable(path.slice(path.lastIndexOf('/') + 1)), 32);
}

function fitting(parts: readonly Part[], room: number): Part[] {
  const kept = [...parts];
  while (kept.length > 1 && partsWidth(kept) > room) {
    const highest = Math.max(...kept.map(({ rank }) => rank));
    kept.splice(
      kept.findLastIndex(({ rank }) => rank === highest),
      1,
    );
  }
  return kept.map((part) => ({ ...part, text: cut(part.text, room) }));
}

function partsWidth(parts: readonly Part[]): number {
  return parts.reduce((sum, { text }) => sum + widthOf(text) + GAP.length, -GAP.length);
}

function bar({ bytes: done, totalBytes }: LoadProgress, width: number, paint: Paint): string {
  const filled = totalBytes === 0 ? width : Math.floor((done / totalBytes) * width);
  return paint('cyan', '━'.repeat(filled)) + paint('dim', '─'.repeat(width - filled));
}
