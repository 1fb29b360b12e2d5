import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateFiles } from '../../src/cli/validate/validate.ts';
import { ROOT } from '../docs/markdown.ts';

const files = ['config', ...foldersOf('examples')].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
);

function foldersOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
}

async function mistakesIn(file: string): Promise<string> {
  let told = '';
  const stderr = { write: (text: string) => (told += text) };
  await validateFiles([join(ROOT, file)], {
    environment: { KAFKA_JAAS_CONFIG: '', REGISTRY_URL: 'http://localhost:8081' },
    stdout: { write() {} },
    stderr,
  });
  return told;
}

describe('every file that users are to copy', () => {
  test.each(files)('%s validates', async (file) => {
    expect(await mistakesIn(file)).toBe('');
  });
});
