import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults/index.ts';
import type { Fault } from './ground.ts';
import { sharedGround } from './support.ts';

const TIMEOUT_MS = 120_000;

/** Those that a shared broker can be used for, and that no other test file plays. */
const PLAYED = [
  ...['zombie', 'sigterm-in-commit', 'taken-over', 'tasks-max-suspended'],
  ...['file-appended', 'file-rewritten', 'file-vanished', 'file-unreadable', 'gzip-cut'],
  ...['upload-stalls', 'redrop', 'move-killed', 'unmovable'],
  ...['file-rewritten-stopped', 'disk-full-finished', 'disk-full-dead-letters'],
  ...['job-commit', 'folder-led-elsewhere', 'many-renamed-in'],
  ...['letters-zombie', 'row-refused-by-surprise'],
  'commit-again',
];

describe('each row arrives once and in order after', () => {
  it.for(PLAYED)('%s', { timeout: TIMEOUT_MS }, async (name, context) => {
    const fault = FAULTS.find((each) => each.name === name) as Fault;
    const { wrong } = await fault.play(await sharedGround(context, 41));
    expect(wrong).toEqual([]);
  });

  it('120 random steps on a drop folder and its worker', { timeout: TIMEOUT_MS }, async (context) => {
    const fault = FAULTS.find(({ name }) => name === 'random-folder') as Fault;
    const { wrong } = await fault.play(await sharedGround(context, 42, { times: 120 }));
    expect(wrong).toEqual([]);
  });

  it('20 files in all the ways that people and tools have, and a kill', {
    timeout: TIMEOUT_MS,
  }, async (context) => {
    const fault = FAULTS.find(({ name }) => name === 'arrivals') as Fault;
    const { wrong } = await fault.play(await sharedGround(context, 44, { times: 1 }));
    expect(wrong).toEqual([]);
  });

  it('40 random REST calls and two kills', { timeout: TIMEOUT_MS }, async (context) => {
    const fault = FAULTS.find(({ name }) => name === 'rest-storm') as Fault;
    const { wrong } = await fault.play(await sharedGround(context, 43, { times: 40 }));
    expect(wrong).toEqual([]);
  });
});

describe('the faults', () => {
  const names = FAULTS.map(({ name }) => name);

  it('have a name each', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it('are there under the names that docs/reliability.md gives', () => {
    const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
    const told = [...page.matchAll(/--fault ([\w-]+)/g)].map(([, name]) => name);
    expect(told).not.toEqual([]);
    expect(names).toEqual(expect.arrayContaining(told));
  });
});
