/**
 * Kills the daemon over and over while it loads trades, then compares every record in Kafka with the files:
 * `npm run chaos -- --rows 1000000 --kills 100 --seed 7`. Exit code 0 when the promise was kept.
 */
import { createWriteStream } from 'node:fs';
import { startProxiedKafka } from '../test/chaos/proxied-kafka.ts';
import { seededRandom } from '../test/chaos/random.ts';
import { TradesLoad } from '../test/chaos/trades-load.ts';
import { killUntilDone } from './chaos/killing.ts';
import { type ChaosOptions, commandOf, readOptions, USAGE } from './chaos/options.ts';
import { Pace } from './chaos/pace.ts';
import { Progress } from './chaos/progress.ts';
import { faultsOf, type Outcome, summaryOf } from './chaos/summary.ts';
import { makeTempFolder, releaseTempFolder, removeTempFolder } from './stack/temp-folder.ts';

const EXIT_FAULT = 1;
const EXIT_USAGE = 2;
const BAD_EVERY = 10_000;
const NAME = 'chaos';

async function run(options: ChaosOptions, folder: string): Promise<Outcome> {
  const { kills, rows, seed, files, tasks, built } = options;
  const progress = new Progress();
  const pace = new Pace({ rows, kills, random: seededRandom(seed + 1), progress });
  const kafka = await startProxiedKafka(pace);
  const { proxy } = kafka;
  try {
    const load = await TradesLoad.prepare({
      bootstrapServers: kafka.bootstrapServers,
      folder,
      name: NAME,
      trades: { rows, files, seed, badEvery: BAD_EVERY },
      feed: { 'tasks.max': tasks },
    });
    const log = createWriteStream(load.path('daemon.log'));
    const start = () =>
      load.start((line, text) => {
        progress.add(line);
        log.write(`${text}\n`);
      }, built);
    say(`${rows} rows in ${files} files, seed ${seed}; ${load.path('daemon.log')}`);
    const began = performance.now();
    const watching = await watchRows(load);
    const killing = await killUntilDone({
      load,
      proxy,
      pace,
      progress,
      random: seededRandom(seed),
      kills,
      start,
      say,
    });
    const seconds = (performance.now() - began) / 1000;
    const { findings, undecided } = await watching.finish();
    const expectedFiles = load.files.map(({ name }) => name);
    const finishedFiles = await load.finished();
    return { killing, killsWanted: kills, findings, finishedFiles, expectedFiles, undecided, seconds };
  } finally {
    await kafka.stop();
  }
}

/** A committed reader that reads all along: what it has seen once must never come again. */
async function watchRows(load: TradesLoad) {
  const checker = load.checker();
  const reader = await load.reader('read_committed');
  const take = (record: Parameters<typeof checker.addRow>[0]) =>
    record.topic === load.topic ? checker.addRow(record) : checker.addDeadLetter(record);
  let isOver = false;
  const reading = (async () => {
    while (!isOver) await reader.readSome(take);
    await reader.readAll(take);
  })();
  // An error is for `finish` to throw; until then it must not end the process.
  reading.catch(() => {});
  const finish = async () => {
    isOver = true;
    await reading;
    const { undecided } = reader;
    reader.close();
    await load.addOffsets(checker);
    return { findings: checker.finish(), undecided };
  };
  return { finish };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  say(commandOf(options));
  const folder = await makeTempFolder('chaos');
  const outcome = await run(options, folder);
  process.stdout.write(summaryOf(outcome));
  const faults = faultsOf(outcome);
  if (faults.length === 0) {
    await removeTempFolder(folder);
    return say('every row exactly once and in order');
  }
  releaseTempFolder(folder);
  process.exitCode = EXIT_FAULT;
  for (const fault of faults) say(fault);
  say(
    `the promise was broken; files, log and configuration are in ${folder}. Once more:\n  ${commandOf(options)}`,
  );
}

function say(words: string): void {
  process.stderr.write(`chaos: ${words}\n`);
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
