import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const CONFIG = new URL('../../../config/', import.meta.url);
const samples = readdirSync(CONFIG).filter((name) => name.endsWith('.yaml'));

test.each(samples)('an editor that opens config/%s is told of its schema, which the package has', (name) => {
  const [first = ''] = readFileSync(new URL(name, CONFIG), 'utf8').split('\n');
  const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
  expect(path).toBe(`../dist/schemas/${name === 'worker.yaml' ? 'worker' : 'feed'}.schema.json`);
  const schema = new URL(path, CONFIG);
  expect(existsSync(fileURLToPath(schema))).toBe(true);
  expect(JSON.parse(readFileSync(schema, 'utf8'))).toHaveProperty('$schema');
});
