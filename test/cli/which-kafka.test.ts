import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { headrace } from './support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'headrace-which-kafka-'));
const env = { HEADRACE_BOOTSTRAP_SERVERS: '' };
writeFileSync(join(folder, 'rows.csv'), 'a\n1\n');
writeFileSync(join(folder, 'letters.csv'), 'row_number,error,record,file,line,offset,stage\n');

describe('where HEADRACE_BOOTSTRAP_SERVERS is set to nothing', () => {
  test.each([['doctor'], ['offsets list'], ['dlq list --topic letters'], ['load rows.csv --topic rows']])(
    'headrace %s asks which Kafka',
    async (line) => {
      const { code, stderr } = await headrace(line.split(' '), { cwd: folder, env });
      expect(stderr).toMatch(/^which Kafka\? Give /);
      expect(code).toBe(2);
    },
  );

  test('a command that can do without Kafka does without', async () => {
    const { code, stderr } = await headrace(['dlq', 'list', '--file', 'letters.csv'], { cwd: folder, env });
    expect([stderr, code]).toEqual(['', 0]);
    expect(await headrace(['plugins', 'csv'], { cwd: folder, env })).toMatchObject({ code: 0, stderr: '' });
  });
});
