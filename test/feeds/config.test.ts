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

async function mistakesIn(...paths: readonly string[]): Promise<string> {
  let told = '';
  const stderr = { write: (text: string) => (told += text) };
  await validateFiles(
    paths.map((path) => join(ROOT, path)),
    {
      environment: { KAFKA_JAAS_CONFIG: '', REGISTRY_URL: 'http://localhost:8081' },
      stdout: { write() {} },
      stderr,
    },
  );
  return told;
}

describe('every file that users are to copy', () => {
  test.each(files)('%s validates', async (file) => {
    expect(await mistakesIn(file)).toBe('');
  });

  test('those of config/ validate together, as one worker would run them', async () => {
    expect(await mistakesIn(...files.filter((file) => file.startsWith('config/')))).toBe('');
  });
});
