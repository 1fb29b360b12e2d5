import { basename } from 'node:path';
import { Command } from 'commander';
import { readConfigFile } from '../../config/read/config-file.ts';
import { invalidConfig } from '../../config/read/problem.ts';
import { convertConnector } from '../../convert/convert.ts';
import { feedText, noteText } from '../../convert/feed-text.ts';
import { leaveOutWrong } from '../../convert/leave-out.ts';
import { offlineWorker } from '../../dry-run/offline-worker.ts';
import { printable } from '../../terminal/text.ts';
import { EXIT } from '../exit-codes.ts';
import { print } from '../print.ts';

export function convertCommand(): Command {
  return new Command('convert')
    .description("a feed from the configuration of Kafka Connect's spooldir or FilePulse")
    .argument('<file>', 'configuration of a connector: .properties, or JSON as Kafka Connect takes it')
    .action(async (file: string) => {
      process.exitCode = await convert(file);
    });
}

/** Prints the feed, and a line for each key that is otherwise here. The exit code says whether there is one. */
async function convert(file: string): Promise<number> {
  const { config, problems } = readConfigFile(file);
  if (problems.length > 0) throw invalidConfig(problems);
  const conversion = convertConnector(config, basename(file).replace(/\.[^.]+$/, ''));
  await leaveOutWrong(conversion, file, await offlineWorker(null, process.env));
  print(feedText(conversion, file, conversion.source.get('connector.class') ?? ''));
  const lost = conversion.notes.filter(({ kind }) => kind === 'lost');
  for (const note of lost) {
    const line = config.entries.get(note.key)?.line;
    console.error(printable(`${line == null ? file : `${file}:${line}`}: ${noteText(note)}`));
  }
  return lost.length > 0 ? EXIT.incomplete : EXIT.ok;
}
