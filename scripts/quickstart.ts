/**
 * `npm run quickstart [-- --once]`: a broker, the daemon on an example feed, a file with a bad row, and what became
 * of each row. In a terminal it goes on until Ctrl-C; otherwise, or with --once, it ends after that file.
 */
import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EXIT } from '../src/cli/exit-codes.ts';
import { stopSignal } from '../src/cli/stop-signal.ts';
import { messageOf } from '../src/errors.ts';
import { ReleaseStack } from '../src/runtime/task/release-stack.ts';
import { Arrivals } from './quickstart/arrivals.ts';
import { Daemon, type LogLine } from './quickstart/daemon.ts';
import { isFileEnd, reportFile, TOPICS } from './quickstart/file-report.ts';
import { paint, say, secondsSince, step } from './quickstart/screen.ts';
import { startKafka } from './stack/kafka.ts';
import { makeTempFolder, removeTempFolder } from './stack/temp-folder.ts';

const EXAMPLE = fileURLToPath(new URL('../examples/quickstart', import.meta.url));
const KEPT_LOG = join(tmpdir(), 'headrace-quickstart.log');
const EXIT_FAILED = 1;

const releases = new ReleaseStack();
let folder: string | undefined;
let done = false;
let ending = false;

function wantsOnce(): boolean {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  return values.once || !process.stdin.isTTY || !process.stdout.isTTY;
}

async function startBroker(): Promise<string> {
  step(1, 'Starting a Kafka broker on this machine');
  const startedAt = performance.now();
  const kafka = await startKafka({
    preferredPorts: [9092],
    // One consumer needs no fifty partitions, which would take seconds to make.
    properties: { 'offsets.topic.num.partitions': '1' },
  });
  releases.push(() => kafka.stop());
  say(`${kafka.bootstrapServers}, started in ${secondsSince(startedAt)}`);
  return kafka.bootstrapServers;
}

async function startDaemon(bootstrapServers: string): Promise<{ daemon: Daemon; drop: string }> {
  step(2, 'Starting the daemon: headrace run trades.yaml --worker worker.yaml');
  const startedAt = performance.now();
  const made = await makeTempFolder('quickstart');
  folder = made;
  releases.push(() => removeTempFolder(made));
  const drop = join(made, 'drop');
  await mkdir(drop);
  await cp(join(EXAMPLE, 'trades.yaml'), join(made, 'trades.yaml'));
  await writeFile(join(made, 'worker.yaml'), `bootstrap.servers: ${bootstrapServers}\n`);
  const daemon = new Daemon(['trades.yaml', '--worker', 'worker.yaml'], made, join(made, 'daemon.log'));
  releases.push(() => daemon.stop());
  const running = daemon.line(({ state }) => state === 'RUNNING');
  await Promise.race([running, daemon.failed()]);
  say(`watches ${drop}, started in ${secondsSince(startedAt)}`);
  return { daemon, drop };
}

async function loadSample(daemon: Daemon, drop: string, arrivals: Arrivals): Promise<void> {
  step(3, 'Dropping a file: trades.csv, eight rows, one of them bad');
  const startedAt = performance.now();
  const ended = Promise.race([daemon.line(isFileEnd), failedTask(daemon), daemon.failed()]).then((line) => ({
    line,
    after: secondsSince(startedAt),
  }));
  await copyFile(join(EXAMPLE, 'trades.csv'), join(drop, 'trades.csv'));
  await arrivals.start(TOPICS);
  releases.push(() => arrivals.stop());
  const { line, after } = await ended;
  say(`delivered ${after} later; a file is read once it has not changed for 1 s (settle.ms)`);
  say();
  await Promise.race([reportFile(line, arrivals), daemon.failed()]);
}

async function failedTask(daemon: Daemon): Promise<never> {
  const { error } = await daemon.line(
    ({ state, task, file }) => state === 'FAILED' && task !== undefined && !file,
  );
  throw new Error((error as { message: string }).message);
}

function tellWhatNext(drop: string, once: boolean): void {
  step(4, once ? 'What to do next' : 'Your turn');
  if (once) say('Run npm run quickstart in a terminal to drop files of your own.');
  else {
    say(`Drop a CSV file with the same columns, or this one:`);
    say(paint('bold', `  cp examples/quickstart/more.csv ${drop}`));
  }
  say('The feed is examples/quickstart/trades.yaml; change a copy of it, or of config/trades.yaml,');
  say('and run it with a broker of yours:');
  say(paint('bold', '  npx headrace run config/trades.yaml --worker config/worker.yaml'));
  say('README.md explains a feed line by line; docs/configuration.md lists every option.');
  if (!once) say('\n   Ctrl-C ends everything and leaves nothing behind.');
}

/** Reports file after file, in the order in which they are done with. */
async function followFiles(daemon: Daemon, arrivals: Arrivals): Promise<never> {
  let turn: Promise<void> = Promise.resolve();
  daemon.onLine((line: LogLine) => {
    if (!isFileEnd(line) || line.file === undefined) return;
    turn = turn.then(() => {
      if (ending) return;
      say();
      return reportFile(line, arrivals);
    });
  });
  return Promise.race([failedTask(daemon), daemon.failed()]);
}

async function quickstart(): Promise<void> {
  const once = wantsOnce();
  process.stdout.write('Headrace quickstart: a CSV file in a folder, its rows in Kafka, each exactly once\n');
  const bootstrapServers = await startBroker();
  const { daemon, drop } = await startDaemon(bootstrapServers);
  const arrivals = new Arrivals(bootstrapServers);
  await loadSample(daemon, drop, arrivals);
  done = true;
  tellWhatNext(drop, once);
  if (!once) await followFiles(daemon, arrivals);
}

/** Ends what was started, the last first; what cannot be ended here is left to the guard. */
async function end(exitCode: number): Promise<never> {
  ending = true;
  await releases.releaseAll(() => {});
  process.exit(exitCode);
}

async function fail(error: unknown): Promise<void> {
  // What is being ended fails, of course.
  if (ending) return;
  process.stderr.write(`\nquickstart: ${messageOf(error)}\n`);
  if (folder === undefined) return end(EXIT.usage);
  await rm(KEPT_LOG, { force: true });
  await cp(join(folder, 'daemon.log'), KEPT_LOG).then(
    () => process.stderr.write(`The daemon's log is in ${KEPT_LOG}.\n`),
    () => {},
  );
  return end(EXIT_FAILED);
}

// kafkajs sets timers to negative times, of which node warns on every run.
process.removeAllListeners('warning');
stopSignal().signal.addEventListener('abort', () => {
  process.stdout.write('\nending …\n');
  void end(done ? EXIT.ok : EXIT.interrupted);
});

await quickstart().then(() => end(EXIT.ok), fail);
