import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * Writes `dist/schemas/`: the JSON Schema of feeds and workers, as `headrace schema` of the same build prints it, for the
 * editors of those who open the samples in `config/`.
 */

const COMMAND = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const FOLDER = new URL('../dist/schemas/', import.meta.url);

mkdirSync(FOLDER, { recursive: true });
for (const kind of ['feed', 'worker']) {
  const printed = execFileSync(process.execPath, [COMMAND, 'schema', kind], { encoding: 'utf8' });
  writeFileSync(new URL(`${kind}.schema.json`, FOLDER), JSON.stringify(JSON.parse(printed)));
}
