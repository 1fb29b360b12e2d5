/**
 * Plays faults on the daemon while it loads files, then compares every record in Kafka with them:
 * `npm run chaos -- --fault kill --seed 7`. Exit code 0 when the promise was kept every time.
 */
import { FAULTS } from '../test/chaos/faults/index.ts';
import type { Fault, Outcome } from '../test/chaos/ground.ts';
import { Grounds } from './chaos/grounds.ts';
import { type ChaosOptions, commandOf, listOf, readOptions, roundsOf, USAGE } from './chaos/options.ts';
import { releaseTempFolder, removeTempFolder } from './stack/temp-folder.ts';

const EXIT_FAULT = 1;
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return void process.stdout.write(listOf(FAULTS));
  say(`seed ${options.seed}`);
  const grounds = new Grounds(options, say);
  const broken: string[] = [];
  try {
    for (const { fault, seed } of roundsOf(options)) {
      if (!(await play(fault, { ...options, seed }, grounds))) broken.push(`${fault.name} (seed ${seed})`);
    }
  } finally {
    await grounds.stop();
  }
  if (broken.length === 0) return say('every row exactly once and in order');
  process.exitCode = EXIT_FAULT;
  say(`the promise was broken by ${broken.join(', ')}`);
}

/** Whether the promise was kept. */
async function play(fault: Fault, options: ChaosOptions, grounds: Grounds): Promise<boolean> {
  say(`${fault.name}: ${fault.doc}\n  ${commandOf(fault, options)}`);
  const ground = await grounds.make(fault, options.seed);
  const began = performance.now();
  const { wrong, facts } = await fault
    .play(ground)
    .catch((error: Error): Outcome => ({ wrong: [String(error.stack)], facts: [] }));
  ground.close();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  for (const [name, value] of [...facts, ['seconds in all', seconds]] as const) {
    process.stdout.write(`${name.padEnd(34)}${value}\n`);
  }
  if (wrong.length === 0) {
    await removeTempFolder(ground.folder);
    say(`${fault.name}: survived`);
    return true;
  }
  await grounds.stop();
  releaseTempFolder(ground.folder);
  for (const fault of wrong) say(fault);
  say(`files, log and configuration are in ${ground.folder}. Once more:\n  ${commandOf(fault, options)}`);
  return false;
}

function say(words: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${words}\n`);
}

// kafkajs sets timers to negative times, of which node warns on every run.
process.removeAllListeners('warning');

try {
  await main();
} catch (error) {
  const isUsage = error instanceof TypeError || (error as Error).message.startsWith('--');
  say(isUsage ? `${(error as Error).message}\n${USAGE}` : String((error as Error).stack));
  process.exitCode = isUsage ? EXIT_USAGE : EXIT_FAULT;
}
