import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXTRA_NAMES, EXTRAS, type Extra } from '../../scripts/stack/extras.ts';
import { CHECKOUT } from '../../scripts/stack/state.ts';

interface Compose {
  readonly services: Readonly<Record<string, { readonly ports: readonly string[] }>>;
}

test('docker-compose.yml has a service for each server of the stack, at the port of its address', async () => {
  const { services } = parse(
    await readFile(join(CHECKOUT, 'scripts/stack/docker-compose.yml'), 'utf8'),
  ) as Compose;

  expect(Object.keys(services)).toEqual(['kafka', ...EXTRA_NAMES]);
  for (const name of EXTRA_NAMES) {
    const extra: Extra = EXTRAS[name];
    const { port } = new URL(extra.docker.address);
    expect(services[name]?.ports).toEqual([expect.stringMatching(`^127\\.0\\.0\\.1:${port}:\\d+$`)]);
  }
});
