import { describe, expect, it } from 'vitest';
import type { FileStatus } from '../../../src/offsets/file-status.ts';
import { FILES_ON_A_PAGE, filesPage } from '../../../src/rest/console/files-page.ts';

const file = (name: string, state = 'COMPLETED') => ({ file: name, state }) as FileStatus;
const ALL = { state: '', name: '', from: 0 };
const many = Array.from({ length: FILES_ON_A_PAGE + 1 }, (_, number) => file(`${number}.csv`));

describe('a page of files', () => {
  it('begins with what changed last, and goes on behind those before it', () => {
    const [first, second] = [filesPage(many, ALL), filesPage(many, { ...ALL, from: FILES_ON_A_PAGE })];
    expect(first.files).toHaveLength(FILES_ON_A_PAGE);
    expect(first.files[0]).toBe(many.at(-1));
    expect(second.files).toEqual([many[0]]);
    expect(first.total).toBe(many.length);
    expect(filesPage(many, { ...ALL, from: 1_000 }).files).toEqual([]);
  });

  it('has those of a state and a name alone, and counts by state those of the name', () => {
    const files = [file('a.csv'), file('b.csv', 'FAILED'), file('A-2.csv', 'FAILED')];
    expect(filesPage(files, { ...ALL, state: 'FAILED', name: 'a-' })).toEqual({
      files: [files[2]],
      total: 1,
      states: { FAILED: 1 },
    });
    expect(filesPage(files, { ...ALL, name: 'a' }).states).toEqual({ COMPLETED: 1, FAILED: 1 });
    expect(filesPage(files, { ...ALL, state: 'READING' })).toEqual({
      files: [],
      total: 0,
      states: { COMPLETED: 1, FAILED: 2 },
    });
  });
});
