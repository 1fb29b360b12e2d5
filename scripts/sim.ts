/**
 * Plays groups of workers with the core that real ones run, and all that may befall them, seed by seed:
 * `npm run sim -- --seed 1 --seeds 1000`. Exit code 0 when everything held; the events of a seed that broke are told.
 */
import { commandOf, playOf, readOptions, type SimOptions, USAGE } from './sim/options.ts';
import { play } from './sim/play.ts';

const EXIT_BROKEN = 1;
const EXIT_USAGE = 2;
const TOLD_MS = 10_000;

function main(options: SimOptions): void {
  const began = performance.now();
  let toldAt = began;
  let events = 0;
  let digest = '';
  for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
    const how = playOf(options, seed);
    const played = play({ ...how, keepsLines: false });
    events += played.events;
    digest = played.digest;
    if (played.broken !== null) return tellBroken(how, seed - options.seed + 1);
    if (performance.now() - toldAt < TOLD_MS) continue;
    toldAt = performance.now();
    say(`up to seed ${seed}: all held`);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(
    `${options.seeds} seeds, ${events} events, ${seconds} s: all held (the last one's digest is ${digest})`,
  );
}

/** Once more, as telling every event takes time. */
function tellBroken(how: ReturnType<typeof playOf>, seeds: number): void {
  const { lines, broken, digest } = play({ ...how, keepsLines: true });
  process.stdout.write(`${lines.join('\n')}\n`);
  say(`broken in seed ${how.seed}, after ${seeds} (digest ${digest}): ${broken}\n  ${commandOf(how)}`);
  process.exitCode = EXIT_BROKEN;
}

function say(words: string): void {
  process.stderr.write(`${words}\n`);
}

let options: SimOptions | null = null;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  say(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = EXIT_USAGE;
}
if (options !== null) main(options);
