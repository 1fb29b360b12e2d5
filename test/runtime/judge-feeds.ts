import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/run/run.ts';
import { validateFiles } from '../../src/cli/validate/validate.ts';
import { temporaryFolder } from '../connectors/support.ts';

/** Not set: without the option that every feed has here. */
export type Options = Readonly<Record<string, string | undefined>>;

/** Feed files of these options, and what validate and run say to them. */
export async function judge(...feeds: Options[]): Promise<{ validated: string; ran: unknown }> {
  const root = temporaryFolder();
  for (const folder of ['drop/sub', 'other']) mkdirSync(join(root, folder), { recursive: true });
  symlinkSync('drop', join(root, 'link'));
  const paths = feeds.map((options, index) => {
    const all: Options = {
      name: `feed-${index}`,
      'connector.class': 'directory',
      'input.path': './drop',
      transforms: 'parse,route',
      'transforms.parse.type': 'csv',
      'transforms.route.type': 'route',
      'transforms.route.topic': 'rows',
      ...options,
    };
    const path = join(root, `${index}.json`);
    writeFileSync(path, JSON.stringify(all));
    return path;
  });
  const worker = join(root, 'worker.json');
  writeFileSync(worker, JSON.stringify({ 'bootstrap.servers': '127.0.0.1:1' }));
  let validated = '';
  const stderr = { write: (text: string) => (validated += text) };
  await validateFiles(paths, { stderr, stdout: { write() {} }, environment: {} });
  const isRefused = validated !== '';
  return {
    validated,
    ran: isRefused
      ? await run(paths, { worker, feeds: null, watchesPlugins: false, isPretty: false }).catch(
          (error: unknown) => error,
        )
      : null,
  };
}
