import { Command } from 'commander';
import { JSON_OUTPUT, NO_COLOR, WORKER, wholeNumber } from '../options.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { openQueue, type QueueFlags } from './open-queue.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { showDeadLetters } from './show-dead-letters.ts';

interface ListFlags extends QueueFlags {
  readonly json?: true;
}

interface ShowFlags extends ListFlags {
  readonly limit?: number;
  readonly csv?: true;
  readonly escapeFormulas?: true;
}

interface ReplayFlags extends ListFlags {
  readonly mended?: string;
  readonly headerFrom?: string;
}

export function dlqCommand(): Command {
  const dlq = new Command('dlq')
    .description('rejected rows: count them, look at them, and send them through their feed once more')
    .exitOverride();
  dlq.addCommand(
    action('list', 'how many rows were rejected, by reason and by file').action(async (flags: ListFlags) =>
      listDeadLetters(await openQueue(flags), flags.json === true),
    ),
  );
  dlq.addCommand(
    action('show', 'rows that were rejected and not replayed, each with its place and the reason')
      .option('--limit <n>', 'at most so many rows (default: 20, or all with --csv and --json)', wholeNumber)
      .option('--csv', 'print CSV in which to mend the column record')
      .option(
        '--escape-formulas',
        "the same for a spreadsheet, with a ' before what it would take for a formula",
      )
      .action(async (flags: ShowFlags) => showDeadLetters(await openQueue(flags), flags)),
  );
  dlq.addCommand(
    action('replay', 'send rejected rows through the feed once more, each once')
      .option('--mended <file>', 'only the rows of this file, which dlq show --csv made, with its records')
      .option('--header-from <file>', 'file with the header of rows whose own file is gone')
      .option('--to <topic>', 'instead of a feed, for rows that load --topic has rejected: its topic')
      .option('--schema <file>', 'with --to: as load was given it')
      .option('--key <column>', 'with --to: as load was given it')
      .option('--delimiter <text>', 'with --to: as load was given it')
      .option('--registry <url>', 'with --to: as load was given it')
      .option('--bootstrap-server <host:port>', 'Kafka brokers, comma-separated')
      .action(async (flags: ReplayFlags) => {
        process.exitCode = await replayDeadLetters(await openQueue(flags), flags);
      }),
  );
  return dlq;
}

function action(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--feed <feed>', 'feed file; it names the queue where --topic and --file do not')
    .option('--topic <topic>', 'dead-letter topic')
    .option('--file <file>', 'dead-letter file, instead of a topic')
    .option('--reason <text>', 'only rows whose message has this text, or whose error or stage it is')
    .option('--source-file <file>', 'only rows of this file')
    .option('--connector <name>', 'only rows that this feed or job rejected (default: the feed and its jobs)')
    .option(...WORKER)
    .option(...JSON_OUTPUT)
    .option(...NO_COLOR)
    .showHelpAfterError(`(headrace dlq ${name} --help tells more)`)
    .exitOverride();
}
