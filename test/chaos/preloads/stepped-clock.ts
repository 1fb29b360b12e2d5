/**
 * For `node --import`: the time of day is off by as many milliseconds as the file says that CHAOS_CLOCK names, read
 * again every few milliseconds. Clocks that nobody sets go on as they are.
 */
import { readFileSync } from 'node:fs';

const LOOK_MS = 10;

const file = process.env.CHAOS_CLOCK ?? '';
const now = Date.now.bind(Date);
const RealDate = Date;
let offsetMs = 0;
let lookedAt = Number.NEGATIVE_INFINITY;

function offset(): number {
  if (performance.now() - lookedAt < LOOK_MS) return offsetMs;
  lookedAt = performance.now();
  try {
    offsetMs = Number(readFileSync(file, 'utf8'));
  } catch {
    offsetMs = 0;
  }
  return offsetMs;
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, derived) =>
    Reflect.construct(target, args.length === 0 ? [now() + offset()] : args, derived) as Date,
  apply: () => new RealDate(now() + offset()).toString(),
});
RealDate.now = () => now() + offset();
