/** `npm run bench`: what a row costs, against a real broker, beside loaders that do less. `--help` tells the options. */
import { startKafka } from '../scripts/stack/kafka.ts';
import { startRegistry } from '../scripts/stack/registry.ts';
import { StackError } from '../scripts/stack/stack-error.ts';
import { bench } from './bench.ts';
import { BenchError } from './bench-error.ts';
import { BrokerWatch } from './measure/broker-watch.ts';
import { readOptions, USAGE } from './options.ts';
import { RESULTS_FILE, surroundings, writeResults } from './report/results-file.ts';
import { render, type Section } from './report/section.ts';
import { kcatVersion } from './targets/kcat.ts';
import { BUILT_COMMAND } from './targets/ours.ts';

const EXIT_UNUSABLE = 2;

const BROKER_PROPERTIES = {
  // One consumer, which counts, needs no fifty partitions.
  'offsets.topic.num.partitions': '1',
  // The disk has to hold one run's records, not all runs'.
  'log.segment.delete.delay.ms': '1000',
  'log.retention.check.interval.ms': '1000',
};

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const options = readOptions(args);
  if (options.help) return print(USAGE);
  const kcat = await kcatVersion();
  const where = surroundings(kcat);
  print(`${where}\n`);
  if (kcat === null) print('kcat is not installed: there is no ceiling to hold the numbers against.\n');
  const kafka = await startKafka({ isOptimised: true, properties: BROKER_PROPERTIES });
  const registry = options.feeds.some((feed) => feed.needsRegistry) ? await startRegistry() : null;
  try {
    const sections: Section[] = [];
    const { bootstrapServers } = kafka;
    const watch = BrokerWatch.of(kafka);
    const cluster = { bootstrapServers, watch, ...(registry && { registryUrl: registry.url }) };
    const around = { cluster, main: BUILT_COMMAND, hasKcat: kcat !== null, tell };
    for await (const section of bench(options, around)) {
      sections.push(section);
      print(render(section));
      // A run takes an hour: what is measured is kept, whatever ends it.
      if (options.write) await writeResults(where, args, sections);
    }
    if (options.write) tell(`written to ${RESULTS_FILE}`);
  } finally {
    await registry?.stop();
    await kafka.stop();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell(words: string): void {
  process.stderr.write(`bench: ${words}\n`);
}

// kafkajs sets timers to negative times, of which node warns on every run.
process.removeAllListeners('warning');

try {
  await main();
} catch (error) {
  if (!(error instanceof BenchError || error instanceof StackError)) throw error;
  tell(error.message);
  process.exitCode = EXIT_UNUSABLE;
}
